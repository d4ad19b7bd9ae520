import { start, type StartOptions } from '@docket/embedded-postgres'

export interface EmbeddedDatabase {
  /** for pg, psql and pgbench alike: `postgres://docket:…@localhost:5432/docket?host=…` */
  readonly url: string
  /** leaves; the last user of the directory stops the server */
  close(): Promise<void>
}

/** Docket's own PostgreSQL in a directory: the package starts it, shares it and looks after it; here is only how Docket wants it. */
export async function openEmbeddedDatabase(options: Pick<StartOptions, 'directory' | 'onEvent'>): Promise<EmbeddedDatabase> {
  const postgres = await start({ ...DOCKET, settings, ...options })
  return { url: postgres.url, close: () => postgres.stop() }
}

/** Directories in the field bear this name. */
export const DOCKET = { name: 'docket', title: 'Docket', ownServer: 'DATABASE_URL' } as const

const settings = {
  // One Docket on one machine of a gigabyte or more. The hot part of the tables fits, and the system's own cache has the rest.
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  maintenance_work_mem: '128MB',
  // The server's pools, a second node and a few people with psql.
  max_connections: '200',

  // Full pages are written to the log after each checkpoint, so checkpoints are rare and spread out. The price is time to
  // recover after a crash: at most 2 GB of log to replay.
  max_wal_size: '2GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '10min',
  checkpoint_completion_target: '0.9',
  wal_buffers: '16MB',

  // Solid-state disks: a random page costs about what the next one costs. Orders are found by index.
  random_page_cost: '1.1',
  // Short statements only; compiling one costs more than running it.
  jit: 'off',

  // Values of statements may be customers' data: errors name the statement, never its parameters.
  log_parameter_max_length_on_error: '0',
  log_parameter_max_length: '0',
} as const
