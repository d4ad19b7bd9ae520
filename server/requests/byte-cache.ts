/** Remembers answers up to a number of bytes, so that what callers choose to ask for cannot fill the memory. What was asked for last is forgotten
 * last; what alone would take more than half is not kept. */
export interface ByteCache<Value> {
  get(name: string): Value | undefined
  set(name: string, value: Value, bytes: number): void
  clear(): void
  /** What is kept, names included. */
  readonly bytes: () => number
}

export function openByteCache<Value>(mostBytes: number): ByteCache<Value> {
  const kept = new Map<string, { readonly value: Value; readonly bytes: number }>()
  let sum = 0

  function forget(name: string) {
    sum -= kept.get(name)?.bytes ?? 0
    kept.delete(name)
  }

  return {
    get(name) {
      const found = kept.get(name)
      if (!found) return undefined
      kept.delete(name)
      kept.set(name, found)
      return found.value
    },
    set(name, value, valueBytes) {
      forget(name)
      // A character takes one byte or two.
      const bytes = valueBytes + name.length * 2
      if (bytes > mostBytes / 2) return
      kept.set(name, { value, bytes })
      sum += bytes
      for (const oldest of kept.keys()) {
        if (sum <= mostBytes) return
        forget(oldest)
      }
    },
    clear() {
      kept.clear()
      sum = 0
    },
    bytes: () => sum,
  }
}
