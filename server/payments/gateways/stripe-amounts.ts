import { type Amount, fromMinor, toMinor } from '../amounts.ts'

/**
 * How Stripe writes amounts differs from ISO 4217 (docs.stripe.com/currencies: zero-decimal, three-decimal and special cases). ISK and UGX have no
 * decimals, yet their amounts keep two, which must be 00. KWD and its like have three, of which the last must be 0. HUF and TWD are whole in payouts
 * only, and are charged with two decimals. MGA has none.
 */
const NO_DECIMALS = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '))
const THREE_DECIMALS = new Set('BHD JOD KWD OMR TND'.split(' '))
const WHOLE = new Set(['ISK', 'UGX'])

function placesAtStripe(currency: string): number {
  if (NO_DECIMALS.has(currency)) return 0
  return THREE_DECIMALS.has(currency) ? 3 : 2
}

/** What an amount must be a multiple of, in Stripe's units. */
function stepAtStripe(currency: string): bigint {
  if (WHOLE.has(currency)) return 100n
  return THREE_DECIMALS.has(currency) ? 10n : 1n
}

/** The number that Stripe is asked for. Undefined when it cannot ask for this amount of this currency. */
export function toStripe({ amount, currency }: Amount): number | undefined {
  const minor = toMinor(amount, currency, placesAtStripe(currency))
  if (minor === undefined || minor <= 0n || minor > BigInt(Number.MAX_SAFE_INTEGER) || minor % stepAtStripe(currency) !== 0n)
    return undefined
  return Number(minor)
}

/** What a number of Stripe's means. Undefined for all that is not an amount: Stripe's are whole numbers, far below 2⁵³. */
export function fromStripe(units: unknown, theirCurrency: unknown): Amount | undefined {
  if (typeof units !== 'number' || !Number.isSafeInteger(units) || units < 0 || typeof theirCurrency !== 'string') return undefined
  const currency = theirCurrency.toUpperCase()
  return { amount: fromMinor(BigInt(units), currency, placesAtStripe(currency)), currency }
}
