import type { Family, Look, Row } from './families.ts'
import { LARGE_PIECES, openFile, type Reading } from './files.ts'
import { type Kind, kinds, type Panel, type Raw } from './panel.ts'
import { readDump } from './read-dump.ts'

/** A panel as the MySQL dump of its script. Each look at it reads the file anew; the tables may stand in any order. */
export function panelOfDump(family: Family, file: string, name: string, reading: Reading = LARGE_PIECES): Panel {
  return { name, linkLimit: family.linkLimit, read: (wanted) => readKinds(family, () => openFile(file, reading), wanted) }
}

type Open = () => AsyncIterable<string>

async function* readKinds(family: Family, open: Open, wanted: ReadonlySet<Kind>): AsyncGenerator<{ kind: Kind; rows: Raw[] }> {
  const looked = wanted.has('services') ? await readLookedUp(family, open) : NOTHING
  const byTable = new Map(kinds.filter((kind) => wanted.has(kind)).map((kind) => [family.kinds[kind].table, kind]))
  for await (const { table, columns, rows } of readDump(open(), new Set(byTable.keys()))) {
    const kind = byTable.get(table)!
    const { raw } = family.kinds[kind]
    yield { kind, rows: rows.map((row) => raw(asRow(columns, row), looked)) }
  }
}

const NOTHING: Look = { row: () => undefined }

/** The tables that name things for others are small, and may stand behind those that need them. */
async function readLookedUp({ lookedUp }: Family, open: Open): Promise<Look> {
  const found = new Map<string, Row>()
  for await (const { table, columns, rows } of readDump(open(), new Set(Object.keys(lookedUp)))) {
    for (const values of rows) {
      const row = asRow(columns, values)
      found.set(`${table} ${row.get(lookedUp[table]!)}`, row)
    }
  }
  return { row: (table, id) => found.get(`${table} ${id}`) }
}

function asRow(columns: readonly string[], values: readonly (string | null)[]): Row {
  return new Map(columns.map((column, index) => [column, values[index] ?? null]))
}
