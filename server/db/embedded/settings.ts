/**
 * How the embedded server is set up. The file is written anew at each start, so a newer Docket brings newer settings;
 * `alter system set …` is stronger and is kept.
 */
export function settingsFile(): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'`)
  return `# Written by Docket at each start. To change a setting: alter system set …\n${lines.join('\n')}\n`
}

const settings = {
  cluster_name: 'docket',

  // An answer "order accepted" is a promise: it is on the disk before it is given.
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',

  // One Docket on one machine of a gigabyte or more. The hot part of the tables fits, and the system's own cache has the rest.
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  maintenance_work_mem: '128MB',
  // The server's pool, graphile-worker, a second node and a few people with psql.
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

  timezone: 'UTC',
  log_timezone: 'UTC',
  // Values of statements may be customers' data: errors name the statement, never its parameters.
  log_parameter_max_length_on_error: '0',
  log_parameter_max_length: '0',
} as const
