/** What was read, and whether it could not be read again since it was due. */
export interface Remembered<Value> {
  readonly value: Value
  readonly isOutdated: boolean
}

/**
 * Reads again only what is older than this, once for all who ask meanwhile: pages that everybody may open cost the database little, however many ask. While
 * it cannot be read, what was read last is answered; there may be nothing yet: then the error is thrown.
 */
export function rememberBriefly<Value>(forMs: number, now: () => Date, read: () => Promise<Value>): () => Promise<Remembered<Value>> {
  let known: { readonly value: Value; readonly at: number } | undefined
  let reading: Promise<Remembered<Value>> | undefined

  async function readAgain(): Promise<Remembered<Value>> {
    const at = now().getTime()
    try {
      const value = await read()
      known = { value, at }
      return { value, isOutdated: false }
    } catch (error) {
      if (!known) throw error
      return { value: known.value, isOutdated: true }
    } finally {
      reading = undefined
    }
  }

  return () => {
    const age = known === undefined ? Number.POSITIVE_INFINITY : now().getTime() - known.at
    if (known && age >= 0 && age < forMs) return Promise.resolve({ value: known.value, isOutdated: false })
    return (reading ??= readAgain())
  }
}
