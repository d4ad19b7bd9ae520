import type { AnyAct } from '../../acts/act.ts'
import { address } from '../ui/page-links.tsx'
import { actTitle } from './act-words.ts'
import { DESK, type DeskContext } from './desk.ts'

interface ActLinkProps {
  readonly context: DeskContext
  readonly act: Pick<AnyAct, 'name' | 'permission'>
  /** Fields that are filled in already. */
  readonly with?: Readonly<Record<string, string>>
  /** Where the act's form leads when it is done: a page of the desk. */
  readonly back: string
  /** Other words than the act's own title. */
  readonly text?: string
  readonly look?: 'main' | 'plain' | 'bad' | 'small'
}

/** A button that leads to the form of an act. Nothing for a reader who may not do it. */
export function ActLink({ context, act, with: given = {}, back, text, look = 'plain' }: ActLinkProps) {
  if (!context.staff.may.has(act.permission)) return null
  return (
    <a class={`button ${look}`} href={address(actAddress(act), { ...given, back })}>
      {text ?? actTitle(context.ui.frame.texts, act.name)}
    </a>
  )
}

export function actAddress(act: Pick<AnyAct, 'name'>): string {
  return `${DESK}/do/${act.name.replaceAll(' ', '-')}`
}
