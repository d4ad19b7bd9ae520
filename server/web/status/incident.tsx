import { type Incident, type Part, wordingFor } from '../../status/incidents.ts'
import { languageByCode } from '../../texts/languages.ts'
import type { Texts } from '../../texts/texts.ts'
import { Badge } from '../ui/badge.tsx'
import { durationText, percentText } from '../ui/figures.tsx'
import { Markdown } from '../ui/markdown.tsx'
import { Moment } from '../ui/parts.tsx'
import { addressIn } from '../visitor.ts'

/** A text of an incident as a reader gets it. */
export interface Told {
  readonly at: Date
  readonly title: string
  readonly text: string
  /** What it is written in: the reader's language, English, or any. */
  readonly language: string
}

/** What is told of an incident, the newest first; what the figures found is told in the reader's language. */
export function toldOf(texts: Texts, { cause, began, worst, updates }: Incident): Told[] {
  const language = texts.language.code
  const written = updates.flatMap((update) => {
    const wording = wordingFor(language, update)
    return wording ? [{ at: update.at, ...wording }] : []
  })
  const found = cause === 'staff' ? [] : [{ at: began, title: titleOfCause(texts, cause), text: textOfCause(texts, cause, worst), language }]
  return [...found, ...written].toReversed()
}

type Found = Exclude<Incident['cause'], 'staff'>

function titleOfCause(texts: Texts, cause: Found): string {
  return texts.text(`front.status.cause.${cause}.title`)
}

function textOfCause(texts: Texts, cause: Found, worst: number | null): string {
  switch (cause) {
    case 'errors':
      return texts.text('front.status.cause.errors.text', { percent: percentText(texts, worst ?? 0) })
    case 'silence':
      return texts.text('front.status.cause.silence.text')
    case 'suppliers':
      return texts.text('front.status.cause.suppliers.text', { count: worst ?? 1 })
    default:
      return cause satisfies never
  }
}

/** What an incident is called: by its first text. */
export function titleOf(texts: Texts, incident: Incident): Told | undefined {
  return toldOf(texts, incident).at(-1)
}

export function partText(texts: Texts, part: Part): string {
  return texts.text(`front.status.part.${part}`)
}

export function incidentAddress({ language }: Texts, { id }: Incident): string {
  return addressIn(language, `/status/incidents/${id}`)
}

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
