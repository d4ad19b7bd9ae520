import { type Gate, NoServerError } from '../db/client.ts'

/** A gate for so many connections. Who waits is let through in the order of coming. */
export function openGate(most: number): Gate & { readonly count: () => number } {
  const waiting: (() => void)[] = []
  let count = 0

  async function enter(withinMs: number): Promise<void> {
    if (count < most) {
      count += 1
      return
    }
    await new Promise<void>((resolve, reject) => {
      const letThrough = () => {
        clearTimeout(limit)
        resolve()
      }
      const limit = setTimeout(() => {
        waiting.splice(waiting.indexOf(letThrough), 1)
        reject(
          new NoServerError([
            { host: 'the child panels', error: new Error(`they use their ${most} connections (DOCKET_CHILD_CONNECTIONS)`) },
          ]),
        )
      }, withinMs)
      waiting.push(letThrough)
    })
  }

  function leave() {
    const next = waiting.shift()
    // The place goes from one to the other.
    if (next) next()
    else count -= 1
  }

  return { enter, leave, count: () => count }
}
