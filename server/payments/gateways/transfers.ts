import { z } from 'zod'
import { type Amount, formatAmount, readAmount } from '../amounts.ts'
import type { Ask, Started, TransferLine } from '../gateway.ts'

/** Fields of a form that say where a transfer goes. */
export const whereTo = {
  bank: z.string().trim().max(100).optional(),
  account: z.string().trim().min(1).max(100),
  holder: z.string().trim().max(100).optional(),
}

interface WhereTo {
  readonly bank?: string | undefined
  readonly account: string
  readonly holder?: string | undefined
}

/** What the payer copies into a transfer. `reference` is the text of the transfer by which it is found again. */
export function transferOf(
  to: WhereTo,
  ask: Ask,
  reference: string,
  more: { qr: string | null; lines?: readonly TransferLine[] },
): Started {
  const lines: readonly (TransferLine | null)[] = [
    to.bank ? { name: 'bank', text: to.bank } : null,
    { name: 'account', text: to.account },
    to.holder ? { name: 'holder', text: to.holder } : null,
    { name: 'amount', text: formatAmount(ask.amount, ask.currency) },
    { name: 'reference', text: reference },
    ...(more.lines ?? []),
  ]
  return { kind: 'transfer', theirId: null, lines: lines.filter((line) => line !== null), qr: more.qr }
}

/** An amount that can be booked: exact, above zero, with its currency in capitals. */
export function readMoney(amount: string, currency: string): Amount | undefined {
  const read = readAmount(amount)
  const name = currency.trim().toUpperCase()
  return read !== undefined && read.digits > 0n && /^[A-Z0-9]{3,20}$/.test(name) ? { amount: read, currency: name } : undefined
}

/** A time as gateways write it, with its zone; undefined for anything else. */
export function readTime(text: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined
  const time = new Date(text)
  return Number.isNaN(time.getTime()) ? undefined : time
}
