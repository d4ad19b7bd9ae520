import type { Texts } from '../../texts/texts.ts'
import type { OwnAccount } from '../visitor.ts'
import { Icon } from './icon.tsx'

interface ViewBannerProps {
  readonly texts: Texts
  readonly account: OwnAccount
  readonly viewedBy: NonNullable<OwnAccount['viewedBy']>
}

/** On top of every page of a customer that a member of staff sees: as whom, until when, and the way out. */
export function ViewBanner({ texts, account, viewedBy }: ViewBannerProps) {
  return (
    <aside class="view-banner" aria-label={texts.text('desk.customers.view')}>
      <Icon name="warn" />
      <p>
        <strong>{texts.text('desk.customers.view.as', { name: account.email })}</strong>{' '}
        {texts.text('desk.customers.view.only', { who: viewedBy.who })}{' '}
        <time class="moment" dateTime={viewedBy.until.toISOString()}>
          {new Intl.DateTimeFormat(texts.language.code, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(
            viewedBy.until,
          )}{' '}
          UTC
        </time>
      </p>
      <form method="post" action="/view/end">
        <input type="hidden" name="csrf" value={account.csrf} />
        <button type="submit" class="button main">
          {texts.text('desk.customers.view.end')}
        </button>
      </form>
    </aside>
  )
}
