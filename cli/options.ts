import { InvalidArgumentError } from 'commander'
import { serviceTypeByName } from '../contract/service-types.ts'
import { idsIn, readIdRanges } from '../server/customers/id-ranges.ts'
import { refuse } from '../server/refusal.ts'

/** A change without any option is a mistake, and must not be reported as done. */
export function refuseNoChange(options: object, example: string): void {
  const said = Object.entries(options).filter(([name, value]) => name !== 'json' && value !== undefined)
  if (said.length === 0) throw refuse('nothing_to_change', example)
}

export function id(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError('It must be a positive whole number.')
  return Number(text)
}

export function whole(text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

export function seconds(text: string): number {
  const value = whole(text)
  if (value > 86_400) throw new InvalidArgumentError('It must be at most 86400, a day.')
  return value
}

/** Per cent with at most two decimals, as hundredths of a per cent. */
export function basisPoints(text: string): number {
  const match = /^(\d{1,2})(?:\.(\d{1,2}))?$/.exec(text)
  if (!match) throw new InvalidArgumentError('It must be a percentage below 100 with at most two decimals, like 7.5.')
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
}

/** Minutes, or a number of refills; `none` removes it. (Commander turns a null from a parser into ''.) */
export function wholeOrNone(text: string): number | 'none' {
  if (text === 'none') return text
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a positive whole number, or none.')
  return Number(text)
}

/** What is paid back for a missed promise, in hundredths of a per cent, or that the order is cancelled. */
export function whenMissed(text: string): number | 'cancel' {
  if (text === 'cancel') return text
  const match = /^(\d{1,3})(?:\.(\d{1,2}))?%$/.exec(text)
  const share = match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : 0
  if (share < 1 || share > 10_000)
    throw new InvalidArgumentError('It must be cancel, or a share of the charge up to 100% with at most two decimals, like 5%.')
  return share
}

export function rate(text: string): string {
  if (!/^\d{1,12}(\.\d{1,12})?$/.test(text)) throw new InvalidArgumentError('It must be digits and one dot, like 0.90.')
  return text
}

export function yesNo(text: string): boolean {
  if (text !== 'yes' && text !== 'no') throw new InvalidArgumentError('It must be yes or no.')
  return text === 'yes'
}

export function serviceState(text: string): 'on sale' | 'disabled' | 'hidden' {
  if (text === 'on sale' || text === 'on-sale') return 'on sale'
  if (text === 'disabled' || text === 'hidden') return text
  throw new InvalidArgumentError('It must be on-sale, disabled or hidden.')
}

export function serviceType(text: string): string {
  if (!serviceTypeByName.has(text))
    throw new InvalidArgumentError(`It must be a service type: ${[...serviceTypeByName.keys()].join(', ')}.`)
  return text
}

export function allRefuse(text: string): 'cancel' | 'attention' {
  if (text === 'cancel' || text === 'attention') return text
  throw new InvalidArgumentError('It must be cancel or attention.')
}

const HOURS: Readonly<Record<string, number>> = { h: 1, d: 24, w: 168 }

/** An age, like 24h, or a date. */
export function since(text: string): Date {
  const match = /^(\d{1,4})([hdw])$/.exec(text)
  const date = match ? new Date(Date.now() - Number(match[1]) * HOURS[match[2]!]! * 3_600_000) : new Date(text)
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('It must be like 24h, 7d or 2026-03-01.')
  return date
}

/** Words with commas between them. */
export function words(text: string): string[] {
  const list = text.split(',').map((word) => word.trim())
  if (list.some((word) => word === '')) throw new InvalidArgumentError('It must be a list with commas, like balance,status.')
  return list
}

/** Numbers and ranges with commas between them, like 1,4,10-20. */
export function ids(text: string): number[] {
  const ranges = readIdRanges(text)
  if (!ranges) throw new InvalidArgumentError('It must be numbers and ranges, like 1,4,10-20.')
  return ranges.flatMap(idsIn)
}

/** A day, which counts to its end (UTC), or a moment. */
export function moment(text: string): Date {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const time = new Date(isDay ? `${text}T23:59:59Z` : text)
  if (!/^\d{4}-\d{2}-\d{2}(T\S+)?$/.test(text) || Number.isNaN(time.getTime()))
    throw new InvalidArgumentError('It must be a day like 2026-12-31, or a moment like 2026-12-31T18:00Z.')
  return time
}
