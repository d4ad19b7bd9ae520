import type { MessageKey } from './message.ts'

/** A change that authors of clients should know of, newest first. */
export interface Change {
  readonly day: string
  readonly about: MessageKey
}

export const history: readonly Change[] = [
  { day: '2026-11-30', about: 'docs.changes.announcements' },
  { day: '2026-11-30', about: 'docs.changes.tickets' },
  { day: '2026-11-29', about: 'docs.changes.deposits' },
  { day: '2026-11-28', about: 'docs.changes.names' },
  { day: '2026-11-28', about: 'docs.changes.done' },
  { day: '2026-11-22', about: 'docs.changes.first' },
]
