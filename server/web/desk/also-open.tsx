import { type AlsoPresent, notePresence } from '../../staff/presence.ts'
import { Icon } from '../ui/icon.tsx'
import { Moment } from '../ui/parts.tsx'
import type { DeskContext } from './desk.ts'

/** Notes that the reader has a thing open, like "order 5", and answers who else has: for `AlsoOpen`. */
export function noteOpen({ db, staff, now }: DeskContext, thing: string): Promise<AlsoPresent[]> {
  return notePresence(db, thing, staff.staffId, now)
}

/** Who else has the page open. It keeps itself up to date, so it is drawn when nobody has, too. */
export function AlsoOpen({ context, others }: { readonly context: DeskContext; readonly others: readonly AlsoPresent[] }) {
  const { texts } = context.ui.frame
  return (
    <div class="also-open" data-live-region="also-open" role="status">
      {others.map(({ name, seenAt }) => (
        <p key={name}>
          <Icon name="account" /> {texts.text('desk.alsoOpen', { name })} <Moment texts={texts} at={seenAt} />
        </p>
      ))}
    </div>
  )
}
