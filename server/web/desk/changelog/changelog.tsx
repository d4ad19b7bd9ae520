import { changelogAdd, changelogRemove, changelogWrite } from '../../../acts/changelog-set.ts'
import { type ChangelogEntry, LONGEST_TEXT, type WrittenEntry } from '../../../announcements/changelog.ts'
import type { Language } from '../../../texts/languages.ts'
import { Badge } from '../../ui/badge.tsx'
import { Empty } from '../../ui/notice.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import type { Faults } from '../../ui/page-ui.ts'
import { Moment } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import { ActLink } from '../act-link.tsx'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { EditWording, LanguageLinks, Said, Versions } from '../wording.tsx'
import { CHANGELOG } from './address.ts'

interface ChangelogView {
  readonly rows: readonly ChangelogEntry[]
  readonly hasMore: boolean
  readonly isFirst: boolean
}

/** The operator's own entries of the changelog. */
export function changelogPage(context: DeskContext, { rows, hasMore, isFirst }: ChangelogView): string {
  const { texts } = context.ui.frame
  const title = texts.text('desk.place.changelog')
  return deskPage(context, {
    title,
    lead: texts.text('desk.changelog.lead'),
    actions: <ActLink context={context} act={changelogAdd} back={CHANGELOG} look="main" />,
    children: (
      <>
        {rows.length === 0 ? (
          <Empty title={texts.text('desk.changelog.none')} text={texts.text('desk.changelog.none.text')} />
        ) : (
          <div class="scroll">
            <Table
              caption={title}
              headings={[
                texts.text('desk.field.title'),
                texts.text('desk.announcements.state'),
                texts.text('desk.field.on_day'),
                texts.text('desk.field.languages'),
              ]}
              rows={rows.map((entry) => [
                <a key="title" href={`${CHANGELOG}/${entry.id}`}>
                  <bdi>{titleOf(entry, texts.language.code)}</bdi>
                </a>,
                <EntryState key="state" context={context} entry={entry} />,
                <Moment key="at" texts={texts} at={entry.at} />,
                entry.wordings.map(({ language }) => language).join(' · '),
              ])}
            />
          </div>
        )}
        <PageLinks
          links={[
            { href: isFirst ? null : CHANGELOG, text: texts.text('desk.money.newest') },
            { href: hasMore ? address(CHANGELOG, { before: rows.at(-1)!.id }) : null, text: texts.text('desk.money.older') },
          ]}
        />
      </>
    ),
  })
}

function titleOf({ id, wordings }: ChangelogEntry, language: string): string {
  return (
    (wordings.find((each) => each.language === language) ?? wordings.find((each) => each.language === 'en') ?? wordings[0])?.title ??
    `#${id}`
  )
}

function EntryState({ context, entry }: { readonly context: DeskContext; readonly entry: ChangelogEntry }) {
  const { texts } = context.ui.frame
  return entry.removedAt ? (
    <Badge tone="idle">{texts.text('desk.changelog.removed')}</Badge>
  ) : (
    <Badge tone="good">{texts.text('desk.announcements.live')}</Badge>
  )
}

interface EntryView {
  readonly entry: ChangelogEntry
  readonly written: readonly WrittenEntry[]
}

/** One entry as its readers see it in each language, and every version of it. */
export function entryPage(context: DeskContext, { entry, written }: EntryView): string {
  const { texts } = context.ui.frame
  const here = `${CHANGELOG}/${entry.id}`
  const isShown = entry.removedAt === null
  return deskPage(context, {
    title: texts.text('desk.changelog.one', { number: String(entry.id) }),
    lead: (
      <>
        <EntryState context={context} entry={entry} /> <Moment texts={texts} at={entry.at} />
      </>
    ),
    actions: isShown && <ActLink context={context} act={changelogRemove} with={{ entry: String(entry.id) }} back={here} look="bad" />,
    children: (
      <>
        {isShown && context.staff.may.has(changelogWrite.permission) && (
          <LanguageLinks
            context={context}
            heading="h2"
            written={entry.wordings.map(({ language }) => language)}
            addressOf={(code) => `${here}/${code}`}
          />
        )}
        {entry.wordings.map((wording) => (
          <Said key={wording.language} wording={wording} />
        ))}
        <Versions context={context} written={written} />
      </>
    ),
  })
}

interface EditView {
  readonly entry: ChangelogEntry
  readonly language: Language
  readonly typed: { readonly title: string; readonly text: string; readonly faults: Faults }
  readonly isPreview: boolean
}

/** The form of what an entry says in one language. */
export function editPage(context: DeskContext, { entry, language, typed, isPreview }: EditView): string {
  const { texts } = context.ui.frame
  const here = `${CHANGELOG}/${entry.id}`
  return deskPage(context, {
    title: `${texts.text('desk.changelog.one', { number: String(entry.id) })} · ${language.name}`,
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
        mayWrite={context.staff.may.has(changelogWrite.permission)}
        isPreview={isPreview}
      />
    ),
  })
}
