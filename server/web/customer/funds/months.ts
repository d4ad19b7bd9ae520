import type { Texts } from '../../../texts/texts.ts'

/** A calendar month in UTC. */
export interface Month {
  /** For example, `2026-11`. */
  readonly name: string
  readonly from: Date
  /** The beginning of the next month. */
  readonly until: Date
}

/** Reads a month of an address, like `2026-11`; null if it is not a month. */
export function monthNamed(text: string | null): Month | null {
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text ?? '') ?? []
  return year === undefined ? null : monthAt(Number(year), Number(month) - 1)
}

export function monthOf(moment: Date): Month {
  return monthAt(moment.getUTCFullYear(), moment.getUTCMonth())
}

/** From the current month back to the month of the first moment. */
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

/** The month in the reader's language. The ledger uses the Gregorian calendar in every language. */
export function monthText({ language }: Texts, { from }: Month): string {
  const locale = `${language.code}-u-ca-gregory-nu-latn`
  return new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(from)
}
