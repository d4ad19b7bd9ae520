import type { AlsoPresent } from '../../staff/presence.ts'
import type { Texts } from '../../texts/texts.ts'
import { Icon } from '../ui/icon.tsx'
import { Moment } from '../ui/parts.tsx'

/** Who else has the page open. It keeps itself up to date, so it is drawn when nobody has, too. */
export function AlsoOpen({ texts, others }: { readonly texts: Texts; readonly others: readonly AlsoPresent[] }) {
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
