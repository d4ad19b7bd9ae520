import { request } from 'node:http'
import pino from 'pino'
import { afterAll, beforeAll } from 'vitest'
import { openPool, type Database } from '../../server/db/pool.ts'
import { childDatabaseUrl } from '../../server/children/access.ts'
import { findChild } from '../../server/children/children.ts'
import type { Node } from '../../server/main.ts'
import { startPanels } from '../../server/panels/panels.ts'
import { openSecret } from '../../server/secret.ts'
import { houseOf } from '../support/acts.ts'
import { onServer } from '../support/database-server.ts'
import { freshDatabase, movableClock, testConfig } from '../support/docket.ts'

export const SECRET = 'a secret of this test, long enough'

/** A parent with its child panels in one process, on a real database. */
export interface World {
  readonly databaseUrl: string
  readonly db: Database
  readonly clock: ReturnType<typeof movableClock>
  readonly node: Node
  readonly house: ReturnType<typeof houseOf>
  readonly port: () => string
  /** Starts the process, or starts it again. */
  start(settings?: Record<string, string>): Promise<void>
  /** A request with this Host header, over a connection of its own. */
  ask(host: string, path: string, more?: Asked): Promise<Answer>
  /** A pool in the database of a child. */
  inside(host: string): Promise<Database>
}

export interface Asked {
  readonly method?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export function openWorld(settings: Record<string, string> = {}, clock: World['clock'] = movableClock()): World {
  const world = { clock } as { -readonly [name in keyof World]: World[name] }
  const opened: Database[] = []
  beforeAll(async () => {
    world.databaseUrl = await freshDatabase()
    world.db = openPool(world.databaseUrl, { size: 4, name: 'test' })
    world.house = houseOf(world.db, world.clock.now)
    await world.start()
  })
  afterAll(async () => {
    await world.node.stop()
    await Promise.all(opened.map((db) => db.end()))
    const { rows } = await world.db.query<{ database: string }>('select database from child_panels')
    await world.db.end()
    for (const { database } of rows) {
      await onServer(world.databaseUrl, `drop database if exists "${database}" with (force)`)
      await onServer(world.databaseUrl, `drop role if exists "${database}"`)
    }
  })
  world.port = () => new URL(world.node.url!).port
  world.start = async (more = {}) => {
    const config = testConfig(world.databaseUrl, { DOCKET_ROLE: 'http,fulfilment', DOCKET_SECRET: SECRET, ...settings, ...more })
    world.node = await startPanels(config, pino({ level: 'silent' }), world.clock.now)
  }
  world.ask = (host, path, more) => ask(world.node.url!, host, path, more)
  world.inside = async (host) => {
    const secret = await openSecret({ secret: SECRET, dataDirectory: '' })
    const url = await childDatabaseUrl({ db: world.db, databaseUrl: world.databaseUrl, secret }, await findChild(world.db, host))
    const db = openPool(url, { size: 2, name: 'test' })
    opened.push(db)
    return db
  }
  return world
}

/** A request to a process with this Host header, over a connection of its own. */
export function ask(base: string, host: string, path: string, { method = 'GET', body, headers = {} }: Asked = {}) {
  return new Promise<Answer>((resolve, reject) => {
    const { port } = new URL(base)
    const sent = request(
      { host: '127.0.0.1', port, path, method, headers: { ...headers, host }, agent: false, setHost: false },
      (answer) => {
        const pieces: Buffer[] = []
        answer.on('data', (piece: Buffer) => pieces.push(piece))
        answer.on('end', () => resolve({ status: answer.statusCode!, text: Buffer.concat(pieces).toString(), headers: answer.headers }))
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}
