const MOST_STEPS = 500

/** The steps after a cursor, which is the number of those before. */
export function pageOf<Step>(
  steps: readonly Step[],
  since: string,
): { readonly cursor: string; readonly more: boolean; readonly steps: readonly Step[] } {
  const from = Number(since)
  const page = steps.slice(from, from + MOST_STEPS)
  return { cursor: String(from + page.length), more: from + page.length < steps.length, steps: page }
}
