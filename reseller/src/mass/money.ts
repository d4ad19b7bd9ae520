/** Amounts as whole units of 10⁻¹², which no rate in the field goes below. */
const PLACES = 12
const SHOWN_PLACES = 5

export function unitsOf(amount: string): bigint {
  const [whole = '0', fraction = ''] = amount.split('.')
  return BigInt(whole) * 10n ** BigInt(PLACES) + BigInt(fraction.padEnd(PLACES, '0').slice(0, PLACES))
}

/** Five places, rounded half up, without zeros beyond the second. */
export function amountOf(units: bigint): string {
  const step = 10n ** BigInt(PLACES - SHOWN_PLACES)
  const digits = ((units + step / 2n) / step).toString().padStart(SHOWN_PLACES + 1, '0')
  const fraction = digits.slice(-SHOWN_PLACES)
  const needed = fraction.slice(2).replace(/0{1,3}$/, '')
  return `${digits.slice(0, -SHOWN_PLACES)}.${fraction.slice(0, 2)}${needed}`
}
