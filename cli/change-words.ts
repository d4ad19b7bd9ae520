/** The fields that an act changed, one text each, like `rate: 0.90 → 1.00`. */
export function changeWords(before: object | null, after: object | null): string[] {
  const [old, now] = [new Map<string, unknown>(Object.entries(before ?? {})), new Map<string, unknown>(Object.entries(after ?? {}))]
  return [...new Set([...old.keys(), ...now.keys()])].map((name) => `${name}: ${word(old.get(name))} → ${word(now.get(name))}`)
}

function word(value: unknown): string {
  if (value === undefined || value === null) return '–'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
