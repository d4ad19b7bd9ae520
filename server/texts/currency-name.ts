import type { Texts } from './texts.ts'

const names = new Map<string, Intl.DisplayNames>()

/** What a currency is called in the reader's language: `Euro`, `Japanese Yen`; its code where it has no name. */
export function currencyName({ language: { code } }: Texts, currency: string): string {
  const known = names.get(code) ?? new Intl.DisplayNames([code], { type: 'currency' })
  names.set(code, known)
  return known.of(currency) ?? currency
}
