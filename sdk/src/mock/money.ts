/** Money in whole units of 10^-5. */
const PLACES = 5

export function unitsOf(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.')
  return BigInt(whole) * 10n ** BigInt(PLACES) + BigInt(fraction.padEnd(PLACES, '0').slice(0, PLACES))
}

export function amountOf(units: bigint): string {
  const digits = units.toString().padStart(PLACES + 1, '0')
  return `${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`
}

/** rate × quantity ÷ 1000, rounded half up, and never 0 for a price above 0. */
export function chargeOf(rate: string, quantity: number): bigint {
  const exact = unitsOf(rate) * BigInt(quantity)
  const rounded = (exact + 500n) / 1000n
  return rounded === 0n && exact > 0n ? 1n : rounded
}
