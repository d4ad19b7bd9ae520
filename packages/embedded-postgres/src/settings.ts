import type { Application } from './application.ts'

/**
 * The server's settings. The file is written at each start, so a newer version of the application brings newer settings; `alter
 * system set …` overrides it and is kept.
 */
export function settingsFile({ name, title, settings }: Application): string {
  const all = { cluster_name: name, ...durable, ...settings }
  const lines = Object.entries(all).map(([setting, value]) => `${setting} = '${value.replaceAll("'", "''")}'`)
  return `# Written by ${title} at each start. To change a setting: alter system set …\n${lines.join('\n')}\n`
}

/** `256 MB` */
export function buffersOf({ settings }: Application): string {
  return (settings['shared_buffers'] ?? usualBuffers).replace(/(?<=\d)(?=[A-Za-z])/, ' ')
}

/** The default of PostgreSQL itself. */
const usualBuffers = '128MB'

const durable = {
  // A commit that was confirmed is on the disk.
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',

  timezone: 'UTC',
  log_timezone: 'UTC',
} as const
