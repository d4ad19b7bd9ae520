import { changelogAdd, changelogRemove, changelogWrite } from '../../../acts/changelog-set.ts'
import type { ChangelogEntry } from '../../../announcements/changelog.ts'
import { wordingFor, type WrittenVersion } from '../../../wording.ts'
import { Badge } from '../../ui/badge.tsx'
import { Empty } from '../../ui/notice.tsx'
import { address } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import { ActLink } from '../act-link.tsx'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import type { Newest } from '../newest.ts'
import { NewestLinks } from '../newest-links.tsx'
import { LanguageLinks, Said, Versions } from '../wording.tsx'
import { CHANGELOG } from './address.ts'

/** The operator's own entries of the changelog. */
export function changelogPage(context: DeskContext, { rows, hasMore, isFirst }: Newest<ChangelogEntry>): string {
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
                  <bdi>{wordingFor(texts.language.code, entry.wordings)?.title ?? `#${entry.id}`}</bdi>
                </a>,
                <EntryState key="state" context={context} entry={entry} />,
                <Moment key="at" texts={texts} at={entry.at} />,
                entry.wordings.map(({ language }) => language).join(' · '),
              ])}
            />
          </div>
        )}
        <NewestLinks
          texts={texts}
          newest={isFirst ? null : CHANGELOG}
          older={hasMore ? address(CHANGELOG, { before: rows.at(-1)!.id }) : null}
        />
      </>
    ),
  })
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
  readonly written: readonly WrittenVersion[]
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
