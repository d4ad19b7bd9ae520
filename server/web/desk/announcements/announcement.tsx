import { announcementEnd, announcementPublish } from '../../../acts/announcement-publish.ts'
import { announcementSet, announcementWrite } from '../../../acts/announcement-set.ts'
import type { Announcement, Wording, Written } from '../../../announcements/announcements.ts'
import { ActLink } from '../act-link.tsx'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { LanguageLinks, Said, Versions } from '../wording.tsx'
import { audienceText, StateBadge, When } from './announcements.tsx'
import { ANNOUNCEMENTS } from './address.ts'

interface AnnouncementView {
  readonly announcement: Announcement
  readonly wordings: readonly Wording[]
  readonly written: readonly Written[]
}

/** One announcement: for whom, where and when, as its readers see it in each language, and every version of it. */
export function announcementPage(context: DeskContext, { announcement, wordings, written }: AnnouncementView): string {
  const { texts } = context.ui.frame
  const here = `${ANNOUNCEMENTS}/${announcement.id}`
  const given = { announcement: String(announcement.id) }
  const isOpen = announcement.endedAt === null
  const { onPages, byMail, toPrograms } = announcement
  const where = [onPages && ('on_pages' as const), byMail && ('by_mail' as const), toPrograms && ('to_programs' as const)].filter(
    (name) => name !== false,
  )
  return deskPage(context, {
    title: texts.text('desk.announcements.one', { number: String(announcement.id) }),
    lead: (
      <>
        <StateBadge texts={texts} row={announcement} now={context.now} /> {audienceText(texts, announcement)} ·{' '}
        <When texts={texts} row={announcement} />
        {' · '}
        {where.map((name) => texts.text(`desk.field.${name}`)).join(' · ')}
      </>
    ),
    actions: isOpen && (
      <>
        {announcement.publishedAt === null && <ActLink context={context} act={announcementPublish} with={given} back={here} look="main" />}
        <ActLink context={context} act={announcementSet} with={given} back={here} />
        <ActLink context={context} act={announcementEnd} with={given} back={here} look="bad" />
      </>
    ),
    children: (
      <>
        {isOpen && context.staff.may.has(announcementWrite.permission) && (
          <LanguageLinks
            context={context}
            heading="h2"
            written={wordings.map(({ language }) => language)}
            addressOf={(code) => `${here}/${code}`}
          />
        )}
        {wordings.map((wording) => (
          <Said key={wording.language} wording={wording} />
        ))}
        <Versions context={context} written={written} />
      </>
    ),
  })
}
