import { logUndo, undoOf } from '../../acts/log-undo.ts'
import type { LogLine } from '../../staff/log.ts'
import { ActLink } from './act-link.tsx'
import type { DeskContext } from './desk.ts'

/** A button that leads to the preview of undoing a line of the log. Nothing where it cannot be undone, or not by the reader. */
export function UndoLink({ context, line, back, look = 'plain' }: UndoLinkProps) {
  const way = undoOf(line)
  if (!way || !context.staff.may.has(way.act.permission)) return null
  return <ActLink context={context} act={logUndo} with={{ line: String(line.line) }} back={back} look={look} />
}

interface UndoLinkProps {
  readonly context: DeskContext
  readonly line: LogLine
  /** Where it leads when it is undone: a page of the desk. */
  readonly back: string
  readonly look?: 'plain' | 'small'
}
