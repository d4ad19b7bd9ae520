/** Does so many things at a time, the others in the order of coming. `checkWaiting` is told how many wait already, and throws to refuse one more. */
export function openTurns(most: number, checkWaiting?: (waiting: number) => void): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = most
  return async (work) => {
    if (free > 0) free -= 1
    else {
      checkWaiting?.(waiting.length)
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
    try {
      return await work()
    } finally {
      // The place goes from one to the other.
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}
