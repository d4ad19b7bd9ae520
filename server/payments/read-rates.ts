import type { Decimal } from '../ledger/money.ts'
import { readAmount } from './amounts.ts'

/** The rates of a source: one `base` buys `rate` of each currency. */
export interface RateTable {
  readonly base: string
  readonly at: Date
  readonly rates: readonly { readonly currency: string; readonly rate: string }[]
}

const MOST_CURRENCIES = 400
const A_CURRENCY = /^[A-Z0-9]{3,10}$/
const LARGEST: Decimal = { digits: 10n ** 12n, places: 0 }
/** Clocks differ. */
const AHEAD_MS = 3_600_000

/**
 * Reads what a source answered: `{"base": "EUR", "at": "2026-11-29T15:00:00Z", "rates": {"USD": 1.0842}}`, also with `timestamp` in seconds instead of
 * `at`, or the daily file of the European Central Bank. Answers in words what is wrong with anything else.
 */
export function readRates(text: string, now: Date): RateTable | { readonly fault: string } {
  const table = text.trimStart().startsWith('{') ? fromJson(text, now) : fromEcb(text)
  if ('fault' in table) return table
  if (Number.isNaN(table.at.getTime()) || table.at.getTime() > now.getTime() + AHEAD_MS)
    return { fault: 'Its time cannot be read, or is in the future' }
  if (!A_CURRENCY.test(table.base)) return { fault: 'It does not say the currency of its rates' }
  const rates = table.rates.filter(({ currency, rate }) => currency !== table.base && A_CURRENCY.test(currency) && isRate(rate))
  if (rates.length === 0) return { fault: 'It holds no rates' }
  if (rates.length > MOST_CURRENCIES) return { fault: `It holds more than ${MOST_CURRENCIES} currencies` }
  return { ...table, rates }
}

function isRate(text: string): boolean {
  const rate = readAmount(text)
  return rate !== undefined && rate.digits > 0n && rate.digits <= LARGEST.digits * 10n ** BigInt(rate.places)
}

function fromJson(text: string, now: Date): RateTable | { readonly fault: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { fault: 'It is no JSON' }
  }
  const { base, rates, at, timestamp } = value as Record<string, unknown>
  if (typeof base !== 'string' || typeof rates !== 'object' || rates === null) return { fault: 'It needs "base" and "rates"' }
  const pairs = Object.entries(rates as Record<string, unknown>).map(([currency, rate]) => ({ currency, rate: String(rate) }))
  return { base, rates: pairs, at: timeOf(at, timestamp, now) }
}

function timeOf(at: unknown, timestamp: unknown, now: Date): Date {
  if (typeof at === 'string') return new Date(at)
  const seconds = typeof at === 'number' ? at : timestamp
  return typeof seconds === 'number' ? new Date(seconds * 1000) : now
}

const DAY = /<Cube time=['"](\d{4}-\d{2}-\d{2})['"]/
const ROW = /<Cube currency=['"]([A-Z]{3})['"] rate=['"]([\d.]{1,30})['"]/g
/** The rates hold from about this time on: 16:00 in Frankfurt. */
const ECB_HOUR = 'T15:00:00Z'

function fromEcb(text: string): RateTable | { readonly fault: string } {
  const day = DAY.exec(text)?.[1]
  if (day === undefined) return { fault: 'It is neither JSON nor the daily file of the European Central Bank' }
  const rates = [...text.matchAll(ROW)].slice(0, MOST_CURRENCIES + 1).map(([, currency, rate]) => ({ currency: currency!, rate: rate! }))
  return { base: 'EUR', at: new Date(day + ECB_HOUR), rates }
}
