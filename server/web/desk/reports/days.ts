import type { Texts } from '../../../texts/texts.ts'

const DAY_MS = 86_400_000

/** A day (UTC), like 2026-03-01, so many days later. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}

/** Whether it is a day that there is, like 2026-03-01. */
export function isDay(text: string | null): text is string {
  return text !== null && /^20\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && dayOf(new Date(text)) === text
}

export function dayText({ language }: Texts, day: string): string {
  return new Intl.DateTimeFormat(`${language.code}-u-nu-latn`, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  }).format(new Date(`${day}T00:00Z`))
}

/** `14:00`. */
export function hourText({ language }: Texts, hour: number): string {
  return new Intl.DateTimeFormat(`${language.code}-u-nu-latn`, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: 'UTC',
  }).format(new Date(Date.UTC(2026, 0, 1, hour)))
}
