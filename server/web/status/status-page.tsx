import type { Incident } from '../../status/incidents.ts'
import type { CategoryTimes, Connections, Standing, State, Times } from '../../status/standing.ts'
import type { Texts } from '../../texts/texts.ts'
import { dayText } from '../customer/usage/days.tsx'
import { Badge, type Tone } from '../ui/badge.tsx'
import { type Frame, type Page, renderDocument } from '../ui/document.tsx'
import { callTimeText, NOTHING, percentText, takenText } from '../ui/figures.tsx'
import { Icon } from '../ui/icon.tsx'
import { Layout } from '../ui/layout.tsx'
import { Notice } from '../ui/notice.tsx'
import { address, PageLinks } from '../ui/page-links.tsx'
import { Moment, momentText } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import { addressIn } from '../visitor.ts'
import { IncidentView } from './incident.tsx'
import { barOf, floorPercent, hourText, toneOf, Uptime } from './uptime.tsx'

interface StatusView {
  readonly standing: Standing
  /** The database did not answer when it was asked for newer figures. */
  readonly isOutdated: boolean
}

/** How the house does, without script: what works now, the last 90 days, how long orders take, and incidents. */
export function statusPage(frame: Frame, { standing, isOutdated }: StatusView): string {
  const { texts, house } = frame
  const page = pageOf(frame, texts.text('front.status.title'), texts.text('front.status.description', { name: house.name }))
  const state = isOutdated ? 'unknown' : standing.state
  const open = standing.incidents.filter(({ settled }) => settled === null)
  const settled = standing.incidents.filter((incident) => incident.settled !== null)
  return renderDocument(
    frame,
    page,
    <Layout frame={frame} page={page}>
      <main id="content" class="app status-page">
        <h1>{page.title}</h1>
        <p class={`overall ${TONES[state]}`}>
          <Icon name={state === 'up' ? 'good' : state === 'unknown' ? 'plain' : TONES[state] === 'bad' ? 'bad' : 'warn'} />
          <strong>{texts.text(`front.status.overall.${state}`)}</strong>
          <Moment texts={texts} at={standing.at} />
        </p>
        {isOutdated && <Notice mood="warn">{texts.text('front.status.outdated', { time: momentText(texts, standing.at) })}</Notice>}
        {open.map((incident) => (
          <IncidentView key={incident.id} texts={texts} incident={incident} heading="h2" />
        ))}
        <Api texts={texts} api={standing.api} />
        <Suppliers texts={texts} suppliers={standing.suppliers} />
        {standing.deposits.all > 0 && (
          <section class="part-standing" aria-labelledby="deposits">
            <PartHead texts={texts} part="deposits" state={standing.deposits.state} />
            <Answering texts={texts} connections={standing.deposits} />
          </section>
        )}
        {standing.orders.length > 0 && <OrderTimes texts={texts} orders={standing.orders} />}
        <section aria-labelledby="incidents" class="past-incidents">
          <h2 id="incidents">{texts.text('front.status.incidents.title')}</h2>
          {settled.length === 0 && <p class="soft">{texts.text('front.status.incidents.none')}</p>}
          {settled.map((incident) => (
            <IncidentView key={incident.id} texts={texts} incident={incident} heading="h3" />
          ))}
          <PageLinks
            links={[
              {
                href: standing.hasMoreIncidents ? addressIn(texts.language, '/status/incidents') : null,
                text: texts.text('front.status.incidents.older'),
              },
            ]}
          />
        </section>
        <p class="small soft">{texts.text('front.status.how')}</p>
        <p class="buttons">
          <a class="button small" href={addressIn(texts.language, '/status.atom')}>
            {texts.text('front.status.incidents.feed')}
          </a>
          <a class="button small" href="/status.json">
            JSON
          </a>
        </p>
      </main>
    </Layout>,
  )
}

function pageOf(frame: Frame, title: string, description: string): Page {
  const feed = { title: frame.texts.text('front.status.incidents.feed'), href: addressIn(frame.texts.language, '/status.atom') }
  return { title, description, script: 'site', inEachLanguage: true, feed }
}

const TONES: Readonly<Record<State, Tone>> = { up: 'good', disturbed: 'warn', down: 'bad', unknown: 'idle' }

interface PartHeadProps {
  readonly texts: Texts
  readonly part: 'api' | 'suppliers' | 'deposits'
  readonly state: State
}

function PartHead({ texts, part, state }: PartHeadProps) {
  return (
    <header>
      <h2 id={part}>{texts.text(`front.status.part.${part}`)}</h2>
      <Badge tone={TONES[state]}>{texts.text(`front.status.state.${state}`)}</Badge>
    </header>
  )
}

function Api({ texts, api }: { readonly texts: Texts; readonly api: Standing['api'] }) {
  const { days, hours, available, lately } = api
  const dayOf = (span: (typeof days)[number], style: 'short' | 'medium') => dayText(texts, span.from.toISOString().slice(0, 10), style)
  return (
    <section class="part-standing" aria-labelledby="api">
      <PartHead texts={texts} part="api" state={api.state} />
      <Uptime
        label={texts.text('front.status.days')}
        bars={days.map((span) => barOf(texts, span, dayOf(span, 'medium')))}
        below={[
          dayOf(days[0]!, 'short'),
          available === null ? '' : texts.text('front.status.available', { percent: floorPercent(texts, available) }),
          dayOf(days.at(-1)!, 'short'),
        ]}
      />
      <h3 class="small">{texts.text('front.status.hours')}</h3>
      <Uptime
        label={texts.text('front.status.hours')}
        bars={hours.map((span) => barOf(texts, span, hourText(texts, span.from)))}
        below={[hourText(texts, hours[0]!.from), hourText(texts, hours.at(-1)!.from)]}
      />
      {lately.median !== null && lately.p95 !== null && lately.failed !== null && (
        <p class="soft">
          {texts.text('front.status.latency', { median: callTimeText(texts, lately.median), p95: callTimeText(texts, lately.p95) })}
          {' · '}
          {texts.text('front.status.failed', { percent: percentText(texts, lately.failed) })}
        </p>
      )}
    </section>
  )
}

function Suppliers({ texts, suppliers }: { readonly texts: Texts; readonly suppliers: Standing['suppliers'] }) {
  const { days } = suppliers
  if (suppliers.all === 0 && days.every(({ answered }) => answered === null)) return null
  const words = (share: number | null) =>
    share === null ? texts.text('front.status.state.unknown') : texts.text('front.status.answered', { percent: floorPercent(texts, share) })
  return (
    <section class="part-standing" aria-labelledby="suppliers">
      <PartHead texts={texts} part="suppliers" state={suppliers.state} />
      <Uptime
        label={texts.text('front.status.days')}
        bars={days.map(({ day, answered }) => ({ text: `${dayText(texts, day)}: ${words(answered)}`, tone: toneOf(answered) }))}
        below={[dayText(texts, days[0]!.day, 'short'), dayText(texts, days.at(-1)!.day, 'short')]}
      />
      {suppliers.all > 0 && <Answering texts={texts} connections={suppliers} />}
    </section>
  )
}

function Answering({ texts, connections: { answering, all, named } }: { readonly texts: Texts; readonly connections: Connections }) {
  return (
    <>
      <p class="soft">{texts.text('front.status.connections', { answering: String(answering), all: String(all) })}</p>
      {named.length > 0 && (
        <ul class="named-connections">
          {named.map(({ name, answers }) => (
            <li key={name}>
              <bdi>{name}</bdi> <Badge tone={answers ? 'good' : 'bad'}>{texts.text(`front.status.state.${answers ? 'up' : 'down'}`)}</Badge>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function OrderTimes({ texts, orders }: { readonly texts: Texts; readonly orders: readonly CategoryTimes[] }) {
  const title = texts.text('front.status.times.title')
  return (
    <section aria-labelledby="orders">
      <h2 id="orders">{title}</h2>
      <p class="soft">{texts.text('front.status.times.text')}</p>
      <Table
        caption={title}
        headings={[texts.text('answer.category'), texts.text('front.status.times.start'), texts.text('front.status.times.finish')]}
        rows={orders.map(({ category, start, finish }) => [
          category === null ? texts.text('front.status.times.all') : <bdi>{category}</bdi>,
          <BothTimes texts={texts} times={start} />,
          <BothTimes texts={texts} times={finish} />,
        ])}
      />
    </section>
  )
}

function BothTimes({ texts, times: { day, month } }: { readonly texts: Texts; readonly times: CategoryTimes['start'] }) {
  return (
    <>
      {timesText(texts, day)}
      <br />
      <span class="soft small">
        {texts.text('front.status.month')}: {timesText(texts, month)}
      </span>
    </>
  )
}

function timesText(texts: Texts, times: Times | null): string {
  return times === null
    ? texts.text('front.status.times.few')
    : `${takenText(texts, times.median)} ${NOTHING} ${takenText(texts, times.p95)}`
}

interface IncidentsView {
  readonly incidents: readonly Incident[]
  readonly older: number | null
  /** One of them, by itself. */
  readonly isOne: boolean
}

/** Incidents, the newest first, or one. */
export function incidentsPage(frame: Frame, { incidents, older, isOne }: IncidentsView): string {
  const { texts, house } = frame
  const title = texts.text('front.status.incidents.title')
  const page = pageOf(frame, title, texts.text('front.status.description', { name: house.name }))
  const here = addressIn(texts.language, '/status/incidents')
  return renderDocument(
    frame,
    page,
    <Layout frame={frame} page={page}>
      <main id="content" class="app status-page">
        <h1>{title}</h1>
        {incidents.length === 0 && <p class="soft">{texts.text('front.status.incidents.none')}</p>}
        {incidents.map((incident) => (
          <IncidentView key={incident.id} texts={texts} incident={incident} heading="h2" />
        ))}
        <PageLinks
          links={[
            { href: addressIn(texts.language, '/status'), text: texts.text('front.status.title') },
            { href: isOne ? here : null, text: texts.text('front.status.incidents.older') },
            { href: older === null ? null : address(here, { before: older }), text: texts.text('app.older') },
          ]}
        />
      </main>
    </Layout>,
  )
}
