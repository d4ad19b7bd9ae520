const TICK_MS = 100

/**
 * Calls `late` after so many milliseconds in which the event loop ran. While it stands still (code is loaded, the machine is busy) an answer may have
 * come that nobody could read, so that time counts as one tick: it does not show that a server is silent. Returns how to end it.
 */
export function openLimit(milliseconds: number, late: () => void): () => void {
  let left = milliseconds
  let timer: NodeJS.Timeout
  const wait = () => {
    const tick = Math.min(left, TICK_MS)
    timer = setTimeout(() => {
      left -= tick
      if (left <= 0) late()
      else wait()
    }, tick)
  }
  wait()
  return () => clearTimeout(timer)
}
