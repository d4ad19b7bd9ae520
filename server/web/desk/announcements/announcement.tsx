import { announcementEnd, announcementPublish } from '../../../acts/announcement-publish.ts'
import { announcementSet, announcementWrite } from '../../../acts/announcement-set.ts'
import { type Announcement, LONGEST_TEXT, type Wording, type Written } from '../../../announcements/announcements.ts'
import type { Language } from '../../../texts/languages.ts'
import type { Faults } from '../../ui/page-ui.ts'
import { ActLink } from '../act-link.tsx'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { EditWording, LanguageLinks, Said, Versions } from '../wording.tsx'
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

interface EditView {
  readonly announcement: Announcement
  readonly language: Language
  readonly typed: { readonly title: string; readonly text: string; readonly faults: Faults }
  /** What was typed is shown as readers would see it. */
  readonly isPreview: boolean
}

/** The form of what an announcement says in one language. */
export function editPage(context: DeskContext, { announcement, language, typed, isPreview }: EditView): string {
  const { ui, staff } = context
  const { texts } = ui.frame
  const here = `${ANNOUNCEMENTS}/${announcement.id}`
  return deskPage(context, {
    title: `${texts.text('desk.announcements.one', { number: String(announcement.id) })} · ${language.name}`,
    actions: (
      <a class="button plain" href={here}>
        {texts.text('desk.form.back')}
      </a>
    ),
    children: (
      <EditWording
        context={context}
        here={here}
        language={language}
        typed={typed}
        longest={LONGEST_TEXT}
        mayWrite={staff.may.has(announcementWrite.permission)}
        isPreview={isPreview}
      />
    ),
  })
}
