interface Options {
  /** 1 when absent. */
  readonly atOnce?: number
  /** Errors after which the other items would fail too: they are skipped. */
  readonly endsWith?: (error: unknown) => boolean
}

/** Works on each item. An item that fails does not stop the others; the first failure is thrown after the last item. */
export async function eachByItself<T>(items: readonly T[], work: (item: T) => Promise<unknown>, options: Options = {}): Promise<void> {
  const { atOnce = 1, endsWith = () => false } = options
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

/**
 * Works on items that come in lots, so many at once. The next lot is taken while the last items of the one before are worked on, so that no worker
 * waits for the slowest of a lot. Ends when a lot is empty. An item that fails does not stop the others, but no further lot is taken; the first
 * failure is thrown after the last item.
 */
export async function eachOfLots<T>(take: () => Promise<readonly T[]>, work: (item: T) => Promise<unknown>, atOnce: number): Promise<void> {
  const queue: T[] = []
  const failures: unknown[] = []
  let isLast = false
  let taking: Promise<void> | undefined
  const fail = (error: unknown) => {
    failures.push(error)
    isLast = true
  }
  const takeMore = async () => {
    const lot = await take()
    if (lot.length === 0) isLast = true
    queue.push(...lot)
  }
  const worker = async () => {
    for (;;) {
      if (!isLast && queue.length < atOnce) taking ??= takeMore().catch(fail).finally(() => (taking = undefined)) // prettier-ignore
      const item = queue.shift()
      if (item !== undefined) await work(item).catch(fail)
      else if (taking) await taking
      else return
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  if (failures.length > 0) throw failures[0]
}
