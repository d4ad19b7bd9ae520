import type { Texts } from '../../../texts/texts.ts'

/** A month of the calendar in UTC. */
export interface Month {
  /** `2026-11`. */
  readonly name: string
  readonly from: Date
  /** Where the next one begins. */
  readonly until: Date
}

/** The month of an address, `2026-11`; null when it is none. */
export function monthNamed(text: string | null): Month | null {
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text ?? '') ?? []
  return year === undefined ? null : monthAt(Number(year), Number(month) - 1)
}

export function monthOf(moment: Date): Month {
  return monthAt(moment.getUTCFullYear(), moment.getUTCMonth())
}

/** From this month back to the one of the first moment. */
export function monthsBack(now: Date, first: Date): Month[] {
  const months: Month[] = []
  for (let at = now.getUTCMonth(); ; at -= 1) {
    const month = monthAt(now.getUTCFullYear(), at)
    months.push(month)
    if (month.from <= first) return months
  }
}

function monthAt(year: number, month: number): Month {
  const from = new Date(Date.UTC(year, month, 1))
  return { name: from.toISOString().slice(0, 7), from, until: new Date(Date.UTC(year, month + 1, 1)) }
}

/** In the reader's words. The ledger's months are those of one calendar in every language. */
export function monthText({ language }: Texts, { from }: Month): string {
  const locale = `${language.code}-u-ca-gregory-nu-latn`
  return new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(from)
}
