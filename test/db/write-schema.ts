import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { openEmbeddedDatabase } from '../../server/db/embedded.ts'
import { migrate } from '../../server/db/migrate.ts'
import { hashOfAll, knownRoutines } from '../../server/db/routines.ts'
import { schemaFile } from './schema-text.ts'

/** `npm run schema`: writes down what an empty database becomes, and counts the revision of the routines on when one of them has changed. */
const place = (name: string) => fileURLToPath(new URL(`../../server/db/${name}`, import.meta.url))

await countRevision()
const directory = await mkdtemp(path.join(os.tmpdir(), 'docket-schema-'))
const embedded = await openEmbeddedDatabase({ directory })
try {
  await migrate(embedded.url)
  const client = new pg.Client({ connectionString: embedded.url })
  await client.connect()
  await writeFile(place('schema.sql'), await schemaFile(client))
  await client.end()
} finally {
  await embedded.close()
  await rm(directory, { recursive: true, force: true })
}

async function countRevision(): Promise<void> {
  const counted = JSON.parse(await readFile(place('routines.json'), 'utf8')) as { revision: number; hash: string }
  const hash = hashOfAll(knownRoutines().routines)
  if (hash === counted.hash) return
  await writeFile(place('routines.json'), `{ "revision": ${counted.revision + 1}, "hash": "${hash}" }\n`)
}
