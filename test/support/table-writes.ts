import { Visitor } from 'oxc-parser'
import { contentOf, filesBelow, roomOf, type Source } from './own-sources.ts'

/** A statement that writes a table. */
export interface Write {
  readonly file: string
  readonly room: string
  readonly table: string
}

const WRITE =
  /(?<!\b(?:for|do|on|or|of|before|after)\s+)\b(?:insert\s+into|update|delete\s+from|merge\s+into|truncate|copy)\s+(?:table\s+|only\s+)*(\w+|\$\{)/gi
/** Stands where a template takes a name from elsewhere. */
const HIDDEN = '${'

/** The statements in the texts of these sources, and those whose table is not written there. */
export function writesOf(sources: readonly Source[], tables: ReadonlySet<string>): { writes: Write[]; hidden: string[] } {
  const found = sources.flatMap(({ file, room, program }) =>
    textsIn(program).flatMap((text) => tablesWrittenIn(text).map((table) => ({ file, room, table }))),
  )
  return {
    writes: found.filter(({ table }) => tables.has(table)),
    hidden: found.filter(({ table }) => table === HIDDEN).map(({ file }) => file),
  }
}

/** The same of SQL routines, views and triggers, which are files of their room. Migrations are history, and may move the rows of every room. */
export function writesOfRoutines(tables: ReadonlySet<string>): Write[] {
  const files = filesBelow('server').filter((file) => /^server\/[a-z-]+\/sql\/.*\.sql$/.test(file))
  return files.flatMap((file) =>
    tablesWrittenIn(withoutComments(contentOf(file)))
      .filter((table) => tables.has(table))
      .map((table) => ({ file, room: roomOf(file), table })),
  )
}

/** The tables that there are after all migrations. */
export function tablesOfMigrations(): ReadonlySet<string> {
  const tables = new Set<string>()
  for (const file of filesBelow('server/db/migrations').filter((name) => name.endsWith('.sql'))) {
    for (const [, act, name, now] of withoutComments(contentOf(file)).matchAll(TABLE)) {
      if (/^create/i.test(act!)) tables.add(name!)
      else tables.delete(name!)
      if (now !== undefined) tables.add(now)
    }
  }
  return tables
}

const TABLE =
  /\b(create(?:\s+unlogged)?\s+table(?:\s+if\s+not\s+exists)?|drop\s+table(?:\s+if\s+exists)?|alter\s+table(?=\s+\w+\s+rename\s+to\b))\s+(\w+)(?:\s+rename\s+to\s+(\w+))?/gi

function textsIn(program: Source['program']): string[] {
  const texts: string[] = []
  new Visitor({
    Literal: ({ value }) => {
      if (typeof value === 'string') texts.push(value)
    },
    TemplateLiteral: ({ quasis }) => {
      texts.push(quasis.map(({ value }) => value.raw).join(`${HIDDEN}}`))
    },
  }).visit(program)
  return texts
}

function tablesWrittenIn(text: string): string[] {
  return [...text.matchAll(WRITE)].map(([, table]) => table!)
}

function withoutComments(sql: string): string {
  return sql.replaceAll(/--.*$/gm, '').replaceAll(/\/\*[^]*?\*\//g, '')
}
