import pino, { type DestinationStream, type Logger } from 'pino'

/** What of an error is written: where it arose and what it is, never the row it was about. PostgreSQL's `detail` holds whole rows, keys included. */
const WRITTEN = ['type', 'message', 'stack', 'code', 'severity', 'schema', 'table', 'column', 'constraint', 'routine'] as const

/** The log of a node: a line of JSON per event. */
export function openLog(level: string, destination?: DestinationStream): Logger {
  return pino({ level, serializers: { err: errorOf } }, destination)
}

function errorOf(error: Error): Record<string, unknown> {
  const all = pino.stdSerializers.err(error) as Record<string, unknown>
  return Object.fromEntries(WRITTEN.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])))
}
