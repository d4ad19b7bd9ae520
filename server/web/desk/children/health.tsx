import type { ChildSeen } from '../../../children/children.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Badge } from '../../ui/badge.tsx'

/** Nobody has looked for so long: the process that hosts it may be down. */
const OLD_MS = 5 * 60_000

/** Whether a child panel answers, as it was seen last; nothing where there is no panel yet, or no longer. */
export function Health({ texts, child, now }: { readonly texts: Texts; readonly child: ChildSeen; readonly now: Date }) {
  const { state } = child
  if (state === 'dropping' || state === 'dropped' || (state === 'making' && child.fault === null)) return null
  if (child.lookedAt === null) return <Badge tone="idle">{texts.text('desk.children.unseen')}</Badge>
  if (child.fault !== null) return <Badge tone="bad">{texts.text('desk.children.away')}</Badge>
  if (now.getTime() - child.lookedAt.getTime() > OLD_MS) return <Badge tone="warn">{texts.text('desk.children.old')}</Badge>
  return <Badge tone="good">{texts.text('desk.children.answers')}</Badge>
}
