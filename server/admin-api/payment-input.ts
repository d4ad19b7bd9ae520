import { z } from 'zod'
import type { Queryable } from '../db/pool.ts'
import { UNITS_PER_WHOLE, type Units } from '../ledger/money.ts'
import { readAmount } from '../payments/amounts.ts'
import { refuse } from '../refusal.ts'
import type { UncheckedInput } from './input.ts'

/** Whom a script calls by `username`. */
export interface PanelUser {
  readonly account: number
  readonly email: string
  readonly currency: string
  /** As the call had it. */
  readonly username: string
}

const FIND = `
  select a.id as account, a.email, a.currency from accounts a
  where a.id = $1 or lower(a.email) = lower($2)
    or a.id in (select u.account_id from users u where lower(u.email) = lower($2) and lower($2) not in (select lower(email) from accounts))`
const A_NUMBER = /^[1-9]\d{0,8}$/
const LONGEST = 320

/** The account of a `username`: its number, its e-mail address, or that of one of its people. Throws a Refusal when there is none. */
export async function findUser(db: Queryable, input: UncheckedInput): Promise<PanelUser> {
  const username = textOf(input['username'] ?? inside(input['user'], 'username'), 'username')
  if (username.length > LONGEST) throw refuse('incorrect_field', 'username')
  const number = A_NUMBER.test(username) ? Number(username) : null
  const { rows } = await db.query<Omit<PanelUser, 'username'>>(FIND, [number, username])
  if (rows.length !== 1) throw refuse('unknown_user')
  return { ...rows[0]!, username }
}

/**
 * A sum above zero in the currency of the account, as a number, as text, or as `{value, currency_code}` as answers have it. What is finer than our smallest
 * unit, like the rest of a script's own arithmetic, is dropped.
 */
export function readSum(given: unknown, currency: string): Units {
  const value = inside(given, 'value') ?? given
  const named = inside(given, 'currency_code')
  if (named !== undefined && named !== currency) throw refuse('another_currency', currency)
  const read = readAmount(textOf(value, 'amount'))
  const units = read && (read.digits * UNITS_PER_WHOLE) / 10n ** BigInt(read.places)
  if (units === undefined || units <= 0n || units > MOST) throw refuse('incorrect_field', 'amount')
  return units
}

const MOST = 1_000_000_000n * UNITS_PER_WHOLE

function inside(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as UncheckedInput)[name] : undefined
}

const text = z.union([z.string().trim().min(1).max(1000), z.number().transform(String)])

function textOf(value: unknown, name: string): string {
  if (value === undefined || value === null || value === '') throw refuse('field_required', name)
  const read = text.safeParse(value)
  if (!read.success) throw refuse('incorrect_field', name)
  return read.data
}

const LEAST_DIGITS = 6
const LEAST_LENGTH = 10
const LEAST_DIGITS_AMONG_LETTERS = 4

/**
 * The payment that a memo names, like `PayPal 5TY05013RG002845M` or `invoice 483920`; null: it names none, like `added via Admin API`. A name is a word of
 * letters and digits that nobody writes by chance: six digits, or ten characters with four digits among them.
 */
export function paymentNamedBy(memo: string): string | null {
  const words = memo.split(/[^A-Za-z0-9]+/).filter(isName)
  return words.length === 0 ? null : words.join(' ')
}

function isName(word: string): boolean {
  const digits = word.replaceAll(/\D/g, '').length
  return digits === word.length ? digits >= LEAST_DIGITS : word.length >= LEAST_LENGTH && digits >= LEAST_DIGITS_AMONG_LETTERS
}
