/**
 * Remembers answers up to a total number of bytes, because callers choose what they ask for and must not fill the memory. The answer that was unused
 * the longest is forgotten first; an answer that alone takes more than half is not stored.
 */
export interface ByteCache<Value> {
  get(name: string): Value | undefined
  set(name: string, value: Value, bytes: number): void
  clear(): void
  /** Bytes in use, names included. */
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
