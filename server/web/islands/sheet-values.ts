/** How the values of the sheet's cells are written. */

const RATE = /^\d{1,12}(\.\d{1,12})?$/
const WHOLE = /^\d{1,12}$/

/** The names of the states, by the words that the server knows them by. */
export type States = Readonly<Record<string, string>>

/** A value as it was typed or pasted, in the server's writing. */
export function valueTyped(column: string, text: string, states: States): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  if (column === 'rate') return line.includes('.') ? line : line.replace(',', '.')
  if (column === 'min' || column === 'max') return line.replaceAll(/[ ,.'_]/g, '')
  if (column !== 'state') return line
  const wanted = line.toLowerCase()
  return Object.entries(states).find(([state, name]) => state === wanted || name.toLowerCase() === wanted)?.[0] ?? line
}

export function isValue(column: string, value: string, states: States): boolean {
  if (column === 'rate') return RATE.test(value)
  if (column === 'min' || column === 'max') return WHOLE.test(value)
  if (column === 'state') return value in states
  return column !== 'name' || value !== ''
}

export function shownValue(column: string, value: string, states: States): string {
  return column === 'state' ? (states[value] ?? value) : value
}

/** What is earned over the cost; nothing when the cost is not known. */
export function marginShown(language: string, rate: string, cost: string | undefined): { text: string; isBelow: boolean } {
  const [price, taken] = [Number(rate), Number(cost)]
  if (cost === undefined || taken === 0 || !RATE.test(rate)) return { text: '', isBelow: false }
  const share = (price - taken) / taken
  const format = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' })
  return { text: format.format(share), isBelow: share < 0 }
}
