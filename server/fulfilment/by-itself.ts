interface Turns {
  /** 1 unless it is said. */
  readonly atOnce?: number
  /** Failures after which the others would fare no better: they have no turn. */
  readonly endsWith?: (error: unknown) => boolean
}

/** Works on each item. One that fails keeps none of the others from its turn; the first failure is thrown when all had theirs. */
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
