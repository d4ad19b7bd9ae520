import { formatQuotient, formatUnits } from '../ledger/money.ts'
import { readHashes } from '../ledger/seal.ts'
import { readAccount } from '../orders/account.ts'
import { type ChargeExplained, explain, type GivenBackExplained, linesOf, type Miss, type Rate } from '../orders/explain.ts'
import type { Caller } from '../customers/callers.ts'
import type { ApiContext } from './context.ts'

type Hashes = ReadonlyMap<bigint, string>

/** The JSON that `explain=1` adds to the status of one order; undefined for an order that is not the caller's. */
export async function explanationOf({ db }: ApiContext, caller: Caller, id: string): Promise<string | undefined> {
  const account = await readAccount(db, caller.bookId, BigInt(id))
  if (!account) return undefined
  const { charge, givenBack, unpaidMisses, kept } = explain(account)
  const hashes = await readHashes(db, { id: caller.bookId, currency: caller.currency }, linesOf(account))
  return JSON.stringify({
    charge: chargeJson(charge, hashes),
    given_back: givenBack.map((one) => givenBackJson(one, hashes)),
    missed: unpaidMisses.map(missJson),
    kept: formatUnits(kept),
  })
}

function chargeJson(charge: ChargeExplained, hashes: Hashes) {
  const booked = { amount: formatUnits(charge.amount), ...placeJson(charge.line, hashes) }
  switch (charge.by) {
    case 'rate': {
      const { rate, per, quantity, runs, product, rounding } = charge
      const counted = { per: String(per), quantity: String(quantity), runs: runs && String(runs.count) }
      return { by: 'rate', ...rateJson(rate), ...counted, exact: formatQuotient(product), rounding, ...booked }
    }
    case 'parent':
      return { by: 'parent', order: Number(charge.parentId), ...booked }
    case 'moved in':
      return { by: 'moved in', ...booked }
    case 'posts':
      return { by: 'posts', ...booked }
    case 'unknown':
      return { by: 'unknown', ...rateJson(charge.rate), ...booked }
    default:
      return charge satisfies never
  }
}

function rateJson(rate: Rate) {
  const own = { rate: rate.text, rate_of: rate.of }
  return rate.of === 'discount' ? { ...own, catalogue_rate: rate.catalogue, discount_percent: rate.percent } : own
}

function givenBackJson(one: GivenBackExplained, hashes: Hashes) {
  const booked = { amount: formatUnits(one.amount), ...placeJson(one.line, hashes) }
  switch (one.by) {
    case 'partial': {
      const { remains, delivered, quantity, product, rounding, limited } = one
      const counted = { remains: String(remains), delivered: String(delivered), quantity: String(quantity) }
      return { cause: 'refund', by: 'partial', ...counted, exact: formatQuotient(product), rounding, limited, ...booked }
    }
    case 'canceled':
      return { cause: 'refund', by: 'canceled', ...booked }
    case 'promise': {
      const { miss, basisPoints, product, rounding, limited } = one
      const share = { share_basis_points: basisPoints, exact: formatQuotient(product), rounding, limited }
      return { cause: 'compensation', by: 'promise', ...missJson(miss), ...share, ...booked }
    }
    case 'unknown':
      return { cause: one.cause, by: 'unknown', ...booked }
    default:
      return one satisfies never
  }
}

function missJson({ promise, dueAt, reachedAt, judgedAt, cancels }: Miss) {
  return { promise, due: dueAt, reached: reachedAt, judged: judgedAt, when_missed: cancels ? 'cancel' : 'compensate' }
}

function placeJson(line: bigint | null, hashes: Hashes) {
  return line === null ? { line: null, hash: null } : { line: Number(line), hash: hashes.get(line) }
}
