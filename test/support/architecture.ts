import { readFileSync } from 'node:fs'

const text = readFileSync(new URL('../../ARCHITECTURE.md', import.meta.url), 'utf8')

/** Which room writes a table, by the table of rooms in ARCHITECTURE.md. */
export function ownersOfTables(): ReadonlyMap<string, string> {
  const rows = [...text.matchAll(/^\| `(?:server\/)?([a-z-]+)\/`.*\| ([^|]*) \|$/gm)]
  return new Map(rows.flatMap(([, room, tables]) => [...tables!.matchAll(/`([a-z_]+)`/g)].map(([, table]) => [table!, room!] as const)))
}

/** The rooms and files at the top of server/ from which each may import: where the arrows of ARCHITECTURE.md lead, near or far. */
export function importableFrom(): ReadonlyMap<string, ReadonlySet<string>> {
  const next = arrows()
  const reached = new Map<string, ReadonlySet<string>>()
  for (const room of next.keys()) reached.set(room, everythingBelow(room, next))
  return reached
}

/** `a → b, c` is an arrow from a to b, and one from a to c. */
function arrows(): ReadonlyMap<string, ReadonlySet<string>> {
  const next = new Map<string, Set<string>>()
  for (const chain of chains()) {
    for (const [at, group] of chain.entries()) {
      for (const room of group) next.set(room, new Set([...(next.get(room) ?? []), ...(chain[at + 1] ?? [])]))
    }
  }
  return next
}

function chains(): string[][][] {
  const block = /^Imports run one way[^]*?^```\n([^]*?)^```/m.exec(text)?.[1]
  if (block === undefined) throw new Error('ARCHITECTURE.md has no arrows below "Imports run one way"')
  const lines = block.trim().split('\n')
  return lines.map((line) => line.split('→').map((group) => group.split(',').map((room) => room.trim())))
}

function everythingBelow(room: string, next: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const found = new Set<string>()
  const look = (from: string) => {
    for (const to of next.get(from) ?? []) {
      if (found.has(to)) continue
      found.add(to)
      look(to)
    }
  }
  look(room)
  return found
}
