import { renderToString } from 'preact-render-to-string'
import type { Texts } from '../../texts/texts.ts'
import { atomFeed, type FeedEntry } from '../atom.ts'
import { dayText } from '../customer/usage/days.tsx'
import { markdownHtml } from '../ui/markdown.tsx'
import { addressIn } from '../visitor.ts'
import { ChangesOfDay } from './changes-of-day.tsx'
import type { ChangelogDay, ShownChanges } from './shown-changes.ts'

/** The newest changes as a feed: an entry per news, and one per day on which services changed, which grows until the day is over. */
export function changelogFeed(texts: Texts, { changes, origin, name }: { changes: ShownChanges; origin: string; name: string }): string {
  const page = origin + addressIn(texts.language, '/api/changelog')
  return atomFeed({
    address: origin + addressIn(texts.language, '/api/changelog.atom'),
    page,
    title: `${texts.text('changelog.title')} · ${name}`,
    language: texts.language.code,
    author: name,
    entries: changes.days.flatMap((day) => [
      ...day.entries.map(({ id, at, title, text }): FeedEntry => ({
        address: `${page}#entry-${id}`,
        title,
        published: at,
        updated: at,
        content: { type: 'html', text: markdownHtml(text) },
      })),
      ...(day.services.length === 0 ? [] : [servicesOf(texts, day, page, changes.currency)]),
    ]),
  })
}

function servicesOf(texts: Texts, { day, services }: ChangelogDay, page: string, currency: string): FeedEntry {
  const moments = services.flatMap(({ changes }) => changes.map(({ at }) => at.getTime()))
  return {
    address: `${page}#${day}`,
    title: `${texts.text('app.services')} · ${dayText(texts, day)}`,
    published: new Date(Math.min(...moments)),
    updated: new Date(Math.max(...moments)),
    content: { type: 'html', text: renderToString(<ChangesOfDay texts={texts} changes={{ entries: [], services }} currency={currency} />) },
  }
}
