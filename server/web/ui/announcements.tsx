import { languageByCode } from '../../texts/languages.ts'
import type { Texts } from '../../texts/texts.ts'
import type { OwnAccount } from '../visitor.ts'
import { Button } from './form.tsx'
import { Markdown } from './markdown.tsx'

interface AnnouncementsProps {
  readonly texts: Texts
  readonly account: OwnAccount
  /** The page, to which dismissing one leads back. */
  readonly path: string
}

/** What the house tells above a page, until its reader dismisses it. Dismissing is a form, so it needs no script. */
export function Announcements({ texts, account: { announcements = [], csrf, viewedBy }, path }: AnnouncementsProps) {
  if (announcements.length === 0 || path === '/announcements') return null
  return (
    <aside class="announcements" aria-label={texts.text('app.announcements')}>
      {announcements.map(({ id, language, title, text }) => (
        <div key={id} class="announcement">
          <div lang={language} dir={languageByCode(language)?.direction ?? 'ltr'}>
            <p class="announcement-title">{title}</p>
            <Markdown text={text} />
          </div>
          {!viewedBy && (
            <form method="post" action={`/announcements/${id}/dismiss`}>
              <input type="hidden" name="csrf" value={csrf} />
              <input type="hidden" name="next" value={path} />
              <Button type="submit" look="small" aria-label={texts.text('announcements.dismiss.one', { title })}>
                {texts.text('announcements.dismiss')}
              </Button>
            </form>
          )}
        </div>
      ))}
    </aside>
  )
}
