/** Ids as people write them, like `1,4,10-20`. */
export interface IdRange {
  readonly first: number
  readonly last: number
}

const LONGEST_RANGE = 10_000
/** The limit is for all ranges together: nobody means `1-9999` a thousand times. */
const MOST_IDS = 100_000

/** Undefined when the text cannot be read, or names more ids than anybody means. */
export function readIdRanges(text: string): readonly IdRange[] | undefined {
  const ranges = text.split(',').map((part) => {
    const [, first, last] = /^([1-9]\d{0,9})(?:\s*-\s*([1-9]\d{0,9}))?$/.exec(part.trim()) ?? []
    return { first: Number(first), last: Number(last ?? first) }
  })
  if (!ranges.every(({ first, last }) => last >= first && last - first < LONGEST_RANGE)) return undefined
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0) <= MOST_IDS ? ranges : undefined
}

export function idsIn({ first, last }: IdRange): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** `[1, 4, 10, 11, 12]` → `1,4,10-12`; the ids ascend. */
export function writeIdRanges(ids: readonly number[]): string {
  const ranges: { first: number; last: number }[] = []
  for (const id of ids) {
    const open = ranges.at(-1)
    if (open && id === open.last + 1) open.last = id
    else ranges.push({ first: id, last: id })
  }
  return ranges.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`)).join(',')
}
