interface Turns {
  /** 1 when absent. */
  readonly atOnce?: number
  /** Errors after which the other items would fail too: they are skipped. */
  readonly endsWith?: (error: unknown) => boolean
}

/** Works on each item. An item that fails does not stop the others; the first failure is thrown after the last item. */
export async function eachByItself<T>(items: readonly T[], work: (item: T) => Promise<unknown>, turns: Turns = {}): Promise<void> {
  const { atOnce = 1, endsWith = () => false } = turns
  const queue = [...items]
  const failures: unknown[] = []
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      try {
        await work(item)
      } catch (error) {
        failures.push(error)
        if (endsWith(error)) queue.length = 0
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  if (failures.length > 0) throw failures[0]
}
