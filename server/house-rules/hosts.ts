import { trimmedEnd } from '../text.ts'

/**
 * Looks up a host and the hosts above it: a.b.c, then b.c, then c. Only an ending as long as a known host is cut out, so a text of thousands of
 * labels costs one step each.
 */
export function hostTable<Known>(known: ReadonlyMap<string, Known>) {
  const lengths = new Set([...known.keys()].map((host) => host.length))
  return <Found>(host: string, take: (known: Known) => Found | undefined): Found | undefined => {
    for (let at = 0, dot = 0; dot !== -1; at = dot + 1) {
      const there = lengths.has(host.length - at) ? known.get(host.slice(at)) : undefined
      const found = there === undefined ? undefined : take(there)
      if (found !== undefined) return found
      dot = host.indexOf('.', at)
    }
    return undefined
  }
}

/** Labels with dots between and around them. One character class, so that a text is read once from beginning to end. */
const DOTTED = /[\p{L}\p{N}\p{M}.-]+/gu

/** The texts that may be hosts: `see ..a.b...c.d.` has a.b and c.d. */
export function hostsIn(text: string): string[] {
  return (text.match(DOTTED) ?? []).flatMap((dotted) => (dotted.includes('.') ? namesIn(dotted) : []))
}

function namesIn(dotted: string): string[] {
  const names = dotted.includes('..') ? dotted.split('..') : [dotted]
  return names.map((name) => trimmedEnd(name, '.').replace(/^\./, '')).filter((name) => name.includes('.'))
}
