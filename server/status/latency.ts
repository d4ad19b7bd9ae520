/** The upper bounds, in milliseconds, of the buckets by which calls are counted; the last bucket has no bound. Rows of `api_hours` depend on them. */
const BOUNDS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000] as const

export const BUCKETS = BOUNDS_MS.length + 1

export function bucketOf(ms: number): number {
  let bucket = 0
  while (bucket < BOUNDS_MS.length && ms > BOUNDS_MS[bucket]!) bucket += 1
  return bucket
}

/** The time within which a share of the calls was answered, in milliseconds; null: there was no call. Within a bucket it is estimated evenly. */
export function latencyAt(times: readonly number[], share: number): number | null {
  return quantile(times, share, (bucket) => BOUNDS_MS[Math.min(bucket, BOUNDS_MS.length - 1)]!)
}

/** The seconds within which a share of the orders started or finished: its buckets grow by the root of two. */
export function orderTimeAt(counts: ReadonlyMap<number, number>, share: number): number | null {
  const most = Math.max(-1, ...counts.keys())
  const dense = Array.from({ length: most + 1 }, (_, bucket) => counts.get(bucket) ?? 0)
  const seconds = quantile(dense, share, (bucket) => 2 ** (bucket / 2))
  return seconds === null ? null : Math.round(seconds)
}

function quantile(counts: readonly number[], share: number, upTo: (bucket: number) => number): number | null {
  const sum = counts.reduce((one, other) => one + other, 0)
  if (sum === 0) return null
  let left = sum * share
  for (const [bucket, count] of counts.entries()) {
    if (count > 0 && left <= count) {
      const [low, high] = [bucket === 0 ? 0 : upTo(bucket - 1), upTo(bucket)]
      return low + (high - low) * (left / count)
    }
    left -= count
  }
  return upTo(counts.length - 1)
}
