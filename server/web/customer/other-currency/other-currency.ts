import type { Queryable } from '../../../db/pool.ts'
import { formatAmount } from '../../../payments/amounts.ts'
import { readAskedRate, type RateTerms } from '../../../payments/rates.ts'
import { minutesSince } from '../../ui/exchange-rate.tsx'
import type { Visitor } from '../../visitor.ts'
import type { Conversion } from './convert.ts'

/** What a page tells of prices in another currency than the account's. Undefined in its place: the operator lets none be shown, and nothing of it is seen. */
export interface OtherCurrency {
  /** The currency of the account, which is charged. */
  readonly own: string
  /** Those that can be chosen. */
  readonly offered: readonly string[]
  /** The one that the reader chose, if any. */
  readonly chosen: ChosenCurrency | null
}

export type ChosenCurrency =
  | (Conversion & { readonly kind: 'shown'; readonly source: string; readonly minutesOld: number })
  /** Its rate is older than the settings allow: no price is shown by it. */
  | { readonly kind: 'old'; readonly currency: string; readonly minutesOld: number }
  | { readonly kind: 'none'; readonly currency: string }

interface Asker {
  readonly db: Queryable
  readonly now: () => Date
  readonly terms: () => RateTerms
}

/** Reads the rate of the currency that the reader chose; without one, the database is not asked. */
export async function readOtherCurrency(
  { db, now, terms }: Asker,
  { currencies, prices }: Visitor,
  own: string,
): Promise<OtherCurrency | undefined> {
  const offered = currencies.filter((code) => code !== own)
  if (offered.length === 0) return undefined
  if (prices === undefined || prices === own) return { own, offered, chosen: null }
  return { own, offered, chosen: await readChosen({ db, now, terms }, own, prices) }
}

async function readChosen({ db, now, terms }: Asker, own: string, currency: string): Promise<ChosenCurrency> {
  const asked = await readAskedRate(db, own, currency, terms(), now())
  if (asked.kind === 'none') return { kind: 'none', currency }
  const minutesOld = minutesSince(asked.said.at, now())
  if (asked.kind === 'old') return { kind: 'old', currency, minutesOld }
  return { kind: 'shown', currency, rate: formatAmount(asked.rate, ''), source: asked.said.source, minutesOld }
}

/** What turns this account's prices into the reader's currency; undefined: they are shown as they are. */
export function conversionOf(other: OtherCurrency | undefined): Conversion | undefined {
  return other?.chosen?.kind === 'shown' ? other.chosen : undefined
}
