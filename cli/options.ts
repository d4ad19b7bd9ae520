import { InvalidArgumentError } from 'commander'

export function id(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError('It must be a positive whole number.')
  return Number(text)
}

export function whole(text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

const HOURS: Readonly<Record<string, number>> = { h: 1, d: 24, w: 168 }

/** An age, like 24h, or a date. */
export function since(text: string): Date {
  const match = /^(\d{1,4})([hdw])$/.exec(text)
  const date = match ? new Date(Date.now() - Number(match[1]) * HOURS[match[2]!]! * 3_600_000) : new Date(text)
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('It must be like 24h, 7d or 2026-03-01.')
  return date
}
