import type { Texts } from '../../../texts/texts.ts'

const DAY_MS = 24 * 3_600_000

/** The last days up to today (UTC), oldest first, in the form 2026-03-01. */
export function lastDays(count: number, now: Date): string[] {
  return Array.from({ length: count }, (_, at) => isoDay(new Date(now.getTime() - (count - 1 - at) * DAY_MS)))
}

function isoDay(at: Date): string {
  return at.toISOString().slice(0, 10)
}

export function dayText({ language }: Texts, day: string, style: 'short' | 'medium' = 'medium'): string {
  const format: Intl.DateTimeFormatOptions = style === 'short' ? { day: 'numeric', month: 'short' } : { dateStyle: 'medium' }
  return new Intl.DateTimeFormat(`${language.code}-u-nu-latn`, { ...format, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`))
}

export function DayText({ texts, day }: { readonly texts: Texts; readonly day: string }) {
  return <time dateTime={day}>{dayText(texts, day)}</time>
}

/** For example, `30 days`. */
export function durationOfDays({ language }: Texts, days: number): string {
  return new Intl.NumberFormat(`${language.code}-u-nu-latn`, { style: 'unit', unit: 'day', unitDisplay: 'long' }).format(days)
}
