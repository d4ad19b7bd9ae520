import { appendFile, chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type OwnCluster, initCluster, ownCluster, ownerIds, signal } from '../nemesis/cluster.ts'
import type { Account } from '../nemesis/history.ts'
import { auditFaults, readDatabase } from '../nemesis/observe.ts'
import { fitOutShop, PLAIN_SERVICES } from '../nemesis/shop.ts'
import { until } from '../nemesis/wait.ts'
import { onServer } from '../support/database-server.ts'
import { endServers, serve } from '../support/server-process.ts'
import { readDeploy, run, tool } from './tools.ts'

const ORDERS = 20
const WITHIN_MS = 120_000

const pgbackrest = tool('pgbackrest', 'version')
const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await endServers()
  for (const end of ends.splice(0).toReversed()) await end()
})

test.skipIf(pgbackrest.isMissing || process.platform !== 'linux')(
  `the database goes back to a moment by the files of deploy/ha: every order until then is there, none after it, the audit is clean, and no id is given twice${pgbackrest.note}`,
  async () => {
    const place = await openPlace()
    const accounts = await fitOutShop(place.database.url())
    await place.backRest('stanza-create')
    await place.backRest('check')
    await place.backRest('backup', '--type=full')

    const node = await serve({ DATABASE_URL: place.database.url() })
    const kept = await order(node.url, accounts[0]!, 'kept')
    const moment = await momentOf(place.database.url())
    const undone = await order(node.url, accounts[0]!, 'undone')
    // The last of the archive: without it, only what had been sent before could be brought back.
    await onServer(place.database.url(), 'select pg_switch_wal()')
    await place.backRest('check')
    await node.stop()

    await stop(place.database)
    await place.backRest('restore', '--delta', '--type=time', `--target=${moment}`, '--target-action=promote')
    await place.database.bringUp()
    const isPromoted = async () =>
      ((await onServer(place.database.url(), 'select pg_is_in_recovery() as is')).rows[0]!['is'] as unknown) === false
    expect(await until(isPromoted, WITHIN_MS)).toBe(true)

    const { orders } = await readDatabase(place.database.url())
    expect(orders.map(({ id }) => id)).toEqual(kept)
    const again = await serve({ DATABASE_URL: place.database.url() })
    const next = await order(again.url, accounts[1]!, 'next')
    expect(Math.min(...next.map(Number))).toBeGreaterThan(Math.max(...undone.map(Number)))
    expect(await auditFaults(place.database.url())).toEqual([])
  },
)

interface Place {
  readonly database: OwnCluster
  /** pgbackrest with the file of deploy/ha, as the user of the server. */
  backRest(...words: string[]): Promise<string>
}

async function openPlace(): Promise<Place> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'docket-drill-'))
  ends.push(() => rm(folder, { recursive: true, force: true, maxRetries: 20 }))
  await chmod(folder, 0o755)
  const owner = ownerIds()
  const own = async (name: string) => {
    const at = path.join(folder, name)
    await mkdir(at)
    if (owner.uid !== undefined) await chown(at, owner.uid, owner.gid!)
    return at
  }
  const server = await own('server')
  const [repository, spool, log, lock] = [await own('repository'), await own('spool'), await own('log'), await own('lock')]
  const config = path.join(folder, 'pgbackrest.conf')
  const text = (await readDeploy('ha/pgbackrest.conf'))
    .replace('/var/lib/pgbackrest', repository)
    .replace('/var/spool/pgbackrest', `${spool}\nlog-path=${log}\nlock-path=${lock}\narchive-timeout=120`)
    .replace('/var/lib/postgresql/15/docket', path.join(server, 'data'))
    .replace('/var/run/postgresql', `${path.join(server, 'socket')}\npg1-user=docket\npg1-database=postgres`)
  await writeFile(config, text)

  await initCluster(server)
  const database = ownCluster(server)
  ends.push(() => database.end())
  await appendFile(path.join(database.dataDirectory, 'postgresql.conf'), await archiving(config))
  await database.bringUp()
  return {
    database,
    async backRest(...words) {
      const { stdout } = await run('pgbackrest', [`--config=${config}`, '--stanza=docket', ...words], {
        ...owner,
        cwd: '/',
      }).catch(async (error: { stdout: string; stderr: string; message: string }) => {
        const written = await readFile(path.join(server, 'postgresql.log'), 'utf8')
        throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}\n${written.slice(-2000)}`)
      })
      return stdout
    },
  }
}

/** The lines of patroni.yml that send the archive away, as PostgreSQL's own file has them. */
async function archiving(config: string): Promise<string> {
  const settings = [...(await readDeploy('ha/patroni.yml')).matchAll(/^ *(archive_\w+): '?([^'\n]*)'?$/gm)].map(([, name, value]) => [
    name!,
    value!,
  ])
  expect(settings.map(([name]) => name)).toEqual(['archive_mode', 'archive_command', 'archive_timeout'])
  return settings.map(([name, value]) => `${name} = '${value!.replace('pgbackrest ', `pgbackrest --config=${config} `)}'\n`).join('')
}

async function order(url: string, { key }: Account, name: string): Promise<string[]> {
  const ids: string[] = []
  for (let index = 0; index < ORDERS; index += 1) {
    const body = new URLSearchParams({
      action: 'add',
      key,
      service: String(PLAIN_SERVICES[0]),
      quantity: '10',
      link: `https://example.com/${name}-${index}`,
    })
    const answer = (await (await fetch(`${url}/api/v2`, { method: 'POST', body })).json()) as { order?: number }
    expect(answer).toHaveProperty('order')
    ids.push(String(answer.order))
  }
  return ids
}

/** Between two commits, to the microsecond. */
async function momentOf(url: string): Promise<string> {
  const { rows } = await onServer(url, `select to_char(clock_timestamp(), 'YYYY-MM-DD HH24:MI:SS.USTZH:TZM') as moment`)
  return rows[0]!['moment']!
}

async function stop(database: OwnCluster) {
  signal(database.postmaster()!, 'SIGINT')
  if (!(await until(() => database.postmaster() === undefined, WITHIN_MS))) throw new Error('PostgreSQL did not stop')
}
