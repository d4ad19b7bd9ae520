import type { Incident } from '../../status/incidents.ts'
import type { Texts } from '../../texts/texts.ts'
import { atomFeed } from '../atom.ts'
import { markdownHtml } from '../ui/markdown.tsx'
import { momentText } from '../ui/parts.tsx'
import { addressIn } from '../visitor.ts'
import { incidentAddress, toldOf } from './told.ts'

/** The newest incidents as a feed: one entry per incident, which changes with each text. */
export function incidentFeed(
  texts: Texts,
  { incidents, origin, name }: { incidents: readonly Incident[]; origin: string; name: string },
): string {
  const title = `${texts.text('front.status.incidents.title')} · ${name}`
  return atomFeed({
    address: origin + addressIn(texts.language, '/status.atom'),
    page: origin + addressIn(texts.language, '/status'),
    title,
    language: texts.language.code,
    author: name,
    entries: incidents.map((incident) => {
      const told = toldOf(texts, incident)
      const moments = [incident.began, ...told.map(({ at }) => at), ...(incident.settled ? [incident.settled] : [])]
      const text = told
        .map(({ at, title: heading, text: markdown }) => `**${momentText(texts, at)}** ${plain(heading)}\n\n${markdown}`)
        .join('\n\n')
      return {
        address: origin + incidentAddress(texts, incident),
        title: told.at(-1)?.title ?? `#${incident.id}`,
        published: incident.began,
        updated: new Date(Math.max(...moments.map((at) => at.getTime()))),
        content: { type: 'html', text: markdownHtml(text) },
      }
    }),
  })
}

/** A title within Markdown, where none of its characters is a mark. */
function plain(title: string): string {
  return title.replaceAll(/[\\`*_[\]<>#!|~]/g, String.raw`\$&`)
}
