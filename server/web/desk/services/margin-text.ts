/** What is earned over the cost, in per cent of it, like `+25 %`; nothing when the cost is not known. For people only: prices are exact elsewhere. */
export function marginText(language: string, rate: string, cost: string | null): string {
  const margin = marginOf(rate, cost)
  return margin === null
    ? ''
    : new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' }).format(margin)
}

export function marginOf(rate: string, cost: string | null): number | null {
  const [price, taken] = [Number(rate), Number(cost)]
  return cost === null || taken === 0 || !Number.isFinite(price) ? null : (price - taken) / taken
}
