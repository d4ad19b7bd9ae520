import { announcementEnd, announcementPublish } from '../../../acts/announcement-publish.ts'
import { announcementSet, announcementWrite } from '../../../acts/announcement-set.ts'
import { type Announcement, LONGEST_TEXT, type Wording, type Written } from '../../../announcements/announcements.ts'
import { type Language, languageByCode } from '../../../texts/languages.ts'
import { Markdown } from '../../ui/markdown.tsx'
import { Moment } from '../../ui/parts.tsx'
import type { Faults } from '../../ui/page-ui.ts'
import { ActLink } from '../act-link.tsx'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { LanguageLinks, WordingForm } from '../wording.tsx'
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
        <h2>{texts.text('desk.pages.history')}</h2>
        <ul class="rows">
          {written.map(({ language, version, title, at, who }) => (
            <li key={`${language} ${version}`}>
              <div class="what">
                <bdi>{title ?? texts.text('desk.pages.notWritten')}</bdi>
                <p class="soft small">
                  {languageByCode(language)?.name ?? language} · {texts.text('desk.pages.version', { version })} ·{' '}
                  <Moment texts={texts} at={at} /> · <bdi>{who}</bdi>
                </p>
              </div>
            </li>
          ))}
        </ul>
      </>
    ),
  })
}

function Said({ wording: { language, title, text } }: { readonly wording: Wording }) {
  const { name, direction = 'ltr' } = languageByCode(language) ?? { name: language }
  return (
    <details class="fold" open>
      <summary>{name}</summary>
      <article class="announcement-said" lang={language} dir={direction}>
        <h3>{title}</h3>
        <Markdown text={text} />
      </article>
    </details>
  )
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
  const { code, name, direction = 'ltr' } = language
  return deskPage(context, {
    title: `${texts.text('desk.announcements.one', { number: String(announcement.id) })} · ${name}`,
    actions: (
      <a class="button plain" href={here}>
        {texts.text('desk.form.back')}
      </a>
    ),
    children: (
      <>
        {staff.may.has(announcementWrite.permission) && (
          <WordingForm
            context={context}
            action={`${here}/${code}`}
            typed={typed}
            faults={typed.faults}
            rows={10}
            longest={LONGEST_TEXT}
            hint={texts.text('desk.announcements.hint')}
          />
        )}
        {(isPreview || !staff.may.has(announcementWrite.permission)) && (
          <article class="announcement" lang={code} dir={direction}>
            <div>
              <p class="announcement-title">{typed.title}</p>
              <Markdown text={typed.text} />
            </div>
          </article>
        )}
      </>
    ),
  })
}
