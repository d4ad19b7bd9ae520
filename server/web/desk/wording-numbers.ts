const LARGEST_ID = 2 ** 31 - 1

/** The number of something that staff write, from an address; null: it is none. */
export function numberOf(text: string | null | undefined): number | null {
  const number = /^[1-9]\d{0,9}$/.test(text ?? '') ? Number(text) : null
  return number !== null && number <= LARGEST_ID ? number : null
}
