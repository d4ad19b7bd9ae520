import { announcementAdd } from '../../../acts/announcement-set.ts'
import type { Announcement, ListedAnnouncement } from '../../../announcements/announcements.ts'
import type { Texts } from '../../../texts/texts.ts'
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
import { ANNOUNCEMENTS } from './address.ts'

/** What the house tells its customers, public or not. */
export function announcementsPage(context: DeskContext, { rows, hasMore, isFirst }: Newest<ListedAnnouncement>): string {
  const { texts } = context.ui.frame
  const title = texts.text('desk.place.announcements')
  return deskPage(context, {
    title,
    lead: texts.text('desk.announcements.lead'),
    actions: <ActLink context={context} act={announcementAdd} back={ANNOUNCEMENTS} look="main" />,
    children: (
      <>
        {rows.length === 0 ? (
          <Empty title={texts.text('desk.announcements.none')} text={texts.text('desk.announcements.none.text')} />
        ) : (
          <div class="scroll">
            <Table
              caption={title}
              headings={(['title', 'state', 'audience', 'when', 'languages'] as const).map((name) =>
                texts.text(`desk.announcements.${name}`),
              )}
              rows={rows.map((row) => [
                <a key="title" href={`${ANNOUNCEMENTS}/${row.id}`}>
                  <bdi>{row.title ?? `#${row.id}`}</bdi>
                </a>,
                <StateBadge key="state" texts={texts} row={row} now={context.now} />,
                audienceText(texts, row),
                <When key="when" texts={texts} row={row} />,
                row.languages.join(' · '),
              ])}
            />
          </div>
        )}
        <NewestLinks
          texts={texts}
          newest={isFirst ? null : ANNOUNCEMENTS}
          older={hasMore ? address(ANNOUNCEMENTS, { before: rows.at(-1)!.id }) : null}
        />
      </>
    ),
  })
}

export function audienceText(texts: Texts, { audience, serviceId }: Announcement): string {
  if (audience === 'ordered') return texts.text('desk.announcements.audience.ordered', { service: String(serviceId) })
  return texts.text(`desk.announcements.audience.${audience}`)
}

export function StateBadge({ texts, row, now }: { readonly texts: Texts; readonly row: Announcement; readonly now: Date }) {
  if (row.endedAt !== null || (row.until !== null && row.until <= now))
    return <Badge tone="idle">{texts.text('desk.announcements.ended')}</Badge>
  if (row.publishedAt === null) return <Badge tone="warn">{texts.text('desk.announcements.draft')}</Badge>
  if (row.from !== null && row.from > now) return <Badge tone="busy">{texts.text('desk.announcements.later')}</Badge>
  return <Badge tone="good">{texts.text('desk.announcements.live')}</Badge>
}

export function When({ texts, row: { from, until } }: { readonly texts: Texts; readonly row: Announcement }) {
  return (
    <>
      {from && <Moment texts={texts} at={from} />}
      {until && ' – '}
      {until && <Moment texts={texts} at={until} />}
    </>
  )
}
