import os from 'node:os'
import { findPostgresProgram, versionOf } from './load/programs.ts'
import { median } from './rounds.ts'
import type { Hall } from './shop/hall.ts'

const SETTINGS = `
  select name, current_setting(name) as setting from pg_settings
  where name in ('server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method', 'shared_buffers', 'max_wal_size')
  order by name`

/** The properties of the machine that the figures depend on; nothing that identifies its owner. */
export async function describeMachine(hall: Hall, generator: string): Promise<Record<string, string>> {
  const { rows } = await hall.db.query<{ name: string; setting: string }>(SETTINGS)
  const settings = Object.fromEntries(rows.map((row) => [row.name, row.setting]))
  const pgbench = await findPostgresProgram('pgbench')
  const { server_version: version, ...others } = settings
  return {
    cores: `${os.cpus().length}, shared by the load generator, node and PostgreSQL`,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GB`,
    system: `${os.type()} ${os.arch()}`,
    load: `${os.loadavg()[0]!.toFixed(1)} before the run`,
    node: process.version,
    PostgreSQL: `${version}, ${hall.server}`,
    settings: Object.entries(others)
      .map(([name, setting]) => `${name} ${setting}`)
      .join(', '),
    'durable commit': `${(await timeCommits(hall)).toFixed(2)} ms, one row, one client`,
    'load generator': generator === 'wrk' ? (await versionOf('wrk', '-v'))!.replace(/ \[.*$/, '') : generator,
    pgbench: pgbench === undefined ? 'not found' : (await versionOf(pgbench))!,
  }
}

/** This figure shows a disk that does not wait for its writes, or data that is not on a disk at all. */
async function timeCommits(hall: Hall): Promise<number> {
  const { db } = await hall.openShop('commits')
  await db.query('create table commits (n int)')
  const times: number[] = []
  for (let n = 0; n < 100; n += 1) {
    const began = performance.now()
    await db.query({ name: 'commit', text: 'insert into commits values ($1)', values: [n] })
    times.push(performance.now() - began)
  }
  return median(times)
}
