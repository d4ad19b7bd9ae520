import { start, type StartOptions } from '@docket/embedded-postgres'

export interface EmbeddedDatabase {
  /** for pg, psql and pgbench alike: `postgres://docket:…@localhost:5432/docket?host=…` */
  readonly url: string
  /** releases the server; the last process that uses the directory stops it */
  close(): Promise<void>
}

/** Docket's own PostgreSQL in a directory: the package starts, shares and watches it; this file has only Docket's settings. */
export async function openEmbeddedDatabase(options: Pick<StartOptions, 'directory' | 'onEvent'>): Promise<EmbeddedDatabase> {
  const postgres = await start({ ...DOCKET, settings: EMBEDDED_SETTINGS, ...options })
  return { url: postgres.url, close: () => postgres.stop() }
}

/** Existing data directories use these names. */
export const DOCKET = { name: 'docket', title: 'Docket', ownServer: 'DATABASE_URL' } as const

export const EMBEDDED_SETTINGS = {
  // Sized for one Docket on a machine with a gigabyte of memory or more. The hot part of the tables fits, and the system caches the rest.
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  maintenance_work_mem: '128MB',
  // Enough for the server's pools, a second node and a few people with psql, and for fifty child panels.
  max_connections: '300',

  // After each checkpoint full pages are written to the log, so checkpoints are rare and spread out. In return recovery after a crash takes longer:
  // at most 2 GB of log to replay.
  max_wal_size: '2GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '10min',
  checkpoint_completion_target: '0.9',
  wal_buffers: '16MB',

  // On solid-state disks a random page costs about as much as the next one, and orders are found by index.
  random_page_cost: '1.1',
  // All statements are short; compiling one costs more than running it.
  jit: 'off',

  // Values of statements may be customers' data, so errors name the statement but never its parameters.
  log_parameter_max_length_on_error: '0',
  log_parameter_max_length: '0',
} as const
