/** Requests of which only the newest counts: a newer one cancels the older, and a late answer of the older is ignored. */
export interface Newest {
  /** Resolves to undefined if a newer request was made meanwhile. Rejects like fetch if there is no answer. */
  ask<T>(address: string, options: RequestInit, read: (response: Response) => Promise<T>): Promise<T | undefined>
}

export function openNewest(): Newest {
  let latest: AbortController | undefined
  return {
    async ask(address, options, read) {
      latest?.abort()
      const mine = new AbortController()
      latest = mine
      try {
        const answer = await read(await fetch(address, { ...options, signal: mine.signal }))
        return latest === mine ? answer : undefined
      } catch (error) {
        if (latest !== mine) return undefined
        throw error
      }
    },
  }
}

/** An element of another page of ours, found by its id. */
export async function partOf(response: Response, id: string): Promise<HTMLElement> {
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const part = page.getElementById(id)
  if (!part) throw new Error(`${response.url} has no part ${id}`)
  return part
}
