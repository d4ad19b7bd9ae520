/** Asks of which only the newest counts: an older one is given up, and its answer, should it come late, is nobody's. */
export interface Newest {
  /** Undefined when a newer ask came meanwhile. Throws what fetch throws where no answer comes. */
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

/** A part of another page of ours, found by its id. */
export async function partOf(response: Response, id: string): Promise<HTMLElement> {
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const part = page.getElementById(id)
  if (!part) throw new Error(`${response.url} has no part ${id}`)
  return part
}
