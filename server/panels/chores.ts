/** What is done for each child beside the others: one thing at a time per child, and again after a pause that grows when it fails. */
export interface Chores {
  /** Does nothing while an earlier chore of this child is under way, or rests after a failure. */
  begin(childId: number, chore: () => Promise<void>): void
  stop(): Promise<void>
}

const FIRST_REST_MS = 1000
const LONGEST_REST_MS = 60_000

export function openChores(): Chores {
  const underWay = new Map<number, Promise<void>>()
  const resting = new Map<number, { readonly until: number; readonly rest: number }>()

  async function work(childId: number, chore: () => Promise<void>): Promise<void> {
    try {
      await chore()
      resting.delete(childId)
    } catch {
      const rest = Math.min((resting.get(childId)?.rest ?? FIRST_REST_MS / 2) * 2, LONGEST_REST_MS)
      resting.set(childId, { rest, until: performance.now() + rest })
    } finally {
      underWay.delete(childId)
    }
  }

  return {
    begin(childId, chore) {
      if (underWay.has(childId) || (resting.get(childId)?.until ?? 0) > performance.now()) return
      underWay.set(childId, work(childId, chore))
    },
    async stop() {
      await Promise.all(underWay.values())
    },
  }
}
