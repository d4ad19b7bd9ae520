/** Does so many things at a time, the others in the order of coming. */
export function openTurns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = most
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
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
