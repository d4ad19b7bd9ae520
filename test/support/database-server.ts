import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { openEmbeddedDatabase } from '../../server/db/embedded.ts'
import { migrate } from '../../server/db/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A real server: the one of DATABASE_URL, else an embedded one made for this run. */
    serverUrl: string
    /** A migrated database that test files clone. */
    template: string
  }
}

/** One server a run, one migrated template, a clone a test file. */
export default async function setup(project: TestProject) {
  const server = await openServer()
  const template = `docket_test_${process.pid}`
  await onServer(server.url, `create database ${template}`)
  await migrate(withDatabase(server.url, template))
  project.provide('serverUrl', server.url)
  project.provide('template', template)
  return async () => {
    const { rows } = await onServer(server.url, `select datname from pg_database where datname like '${template}%'`)
    for (const { datname } of rows) await onServer(server.url, `drop database if exists "${datname}" with (force)`)
    await server.close()
  }
}

// This server is thrown away, so it need not wait for the disk: each database that a test drops would wait for a checkpoint of all of them. Tests that
// kill a server start one of their own, as Docket sets it up.
const CAN_BE_LOST = ['fsync = off', 'full_page_writes = off', "max_wal_size = '4GB'", "checkpoint_timeout = '30min'"]

async function openServer(): Promise<{ url: string; close(): Promise<void> }> {
  const url = process.env['DATABASE_URL']
  if (url) return { url, close: async () => {} }
  const directory = await mkdtemp(path.join(os.tmpdir(), 'docket-test-'))
  const embedded = await openEmbeddedDatabase({ directory })
  for (const setting of CAN_BE_LOST) await onServer(embedded.url, `alter system set ${setting}`)
  await onServer(embedded.url, 'select pg_reload_conf()')
  return {
    url: embedded.url,
    async close() {
      await embedded.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** The same server, another database. */
export function withDatabase(url: string, name: string): string {
  const other = new URL(url)
  other.pathname = `/${name}`
  return other.toString()
}

export async function onServer(url: string, statement: string): Promise<pg.QueryResult<Record<string, string>>> {
  const client = new pg.Client({ connectionString: url })
  // A server that is killed under it fails the statement, and nothing else.
  client.on('error', () => {})
  await client.connect()
  try {
    return await client.query(statement)
  } finally {
    await client.end()
  }
}
