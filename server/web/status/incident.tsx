import type { Incident } from '../../status/incidents.ts'
import { languageByCode } from '../../texts/languages.ts'
import type { Texts } from '../../texts/texts.ts'
import { Badge } from '../ui/badge.tsx'
import { durationText } from '../ui/figures.tsx'
import { Markdown } from '../ui/markdown.tsx'
import { Moment } from '../ui/parts.tsx'
import { incidentAddress, partText, type Told, toldOf } from './told.ts'

interface IncidentProps {
  readonly texts: Texts
  readonly incident: Incident
  readonly heading: 'h2' | 'h3'
}

/** An incident with all that is told of it. */
export function IncidentView({ texts, incident, heading: Heading }: IncidentProps) {
  const told = toldOf(texts, incident)
  const first = told.at(-1)
  return (
    <article class={incident.settled ? 'incident' : 'incident open'} aria-labelledby={`incident-${incident.id}`}>
      <header>
        <Heading id={`incident-${incident.id}`}>
          <a href={incidentAddress(texts, incident)} lang={langOf(texts, first)} dir={dirOf(texts, first)}>
            {first?.title ?? `#${incident.id}`}
          </a>
        </Heading>
        <p class="small soft">
          <IncidentState texts={texts} incident={incident} /> <Moment texts={texts} at={incident.began} />
          {incident.affects.map((part) => (
            <>
              {' '}
              <span key={part} class="badge">
                {partText(texts, part)}
              </span>
            </>
          ))}
          {incident.cause !== 'staff' && <> {texts.text('front.status.incident.automatic')}</>}
        </p>
      </header>
      <ol class="updates">
        {told.map((update) => (
          <li key={update.at.getTime()}>
            <p class="small soft">
              <Moment texts={texts} at={update.at} />
            </p>
            <div lang={langOf(texts, update)} dir={dirOf(texts, update)}>
              {update !== first && <p class="update-title">{update.title}</p>}
              <Markdown text={update.text} />
            </div>
          </li>
        ))}
      </ol>
    </article>
  )
}

export function IncidentState({ texts, incident: { began, settled } }: { readonly texts: Texts; readonly incident: Incident }) {
  if (!settled) return <Badge tone="warn">{texts.text('front.status.incident.open')}</Badge>
  const minutes = Math.max(1, Math.round((settled.getTime() - began.getTime()) / 60_000))
  return <Badge tone="idle">{texts.text('front.status.incident.settled', { time: durationText(texts, minutes) })}</Badge>
}

/** Undefined where it is the language of the page. */
function langOf(texts: Texts, told: Told | undefined): string | undefined {
  return told === undefined || told.language === texts.language.code ? undefined : told.language
}

function dirOf(texts: Texts, told: Told | undefined): 'ltr' | 'rtl' | undefined {
  const code = langOf(texts, told)
  return code === undefined ? undefined : (languageByCode(code)?.direction ?? 'ltr')
}
