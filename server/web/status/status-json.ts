import type { Incident } from '../../status/incidents.ts'
import type { Span } from '../../status/spans.ts'
import type { CategoryTimes, Connections, Standing, Times } from '../../status/standing.ts'
import type { Texts } from '../../texts/texts.ts'
import { toldOf } from './told.ts'

interface ToldStatus {
  readonly standing: Standing
  readonly isOutdated: boolean
  readonly name: string
  /** Of the page, and of its incidents. */
  readonly page: string
  readonly incidentPage: (incident: Incident) => string
}

/** `/status.json`, as docs/shop-front.md has it. Fields are only ever added. Shares are between 0 and 1, times of calls in milliseconds, of orders in seconds. */
export function statusJson(texts: Texts, { standing, isOutdated, name, page, incidentPage }: ToldStatus): object {
  const { at, state, api, suppliers, deposits, orders, incidents } = standing
  return {
    name,
    page,
    at,
    outdated: isOutdated,
    state,
    api: {
      state: api.state,
      available: rounded(api.available),
      last_day: spanJson(api.lately),
      hours: api.hours.map((span) => ({ hour: span.from, ...spanJson(span) })),
      days: api.days.map((span) => ({ day: dayOf(span.from), ...spanJson(span) })),
    },
    suppliers: {
      ...connectionsJson(suppliers),
      days: suppliers.days.map(({ day, answered }) => ({ day, answered: rounded(answered) })),
    },
    deposits: connectionsJson(deposits),
    orders: orders.map(ordersJson),
    incidents: incidents.map((incident) => incidentJson(texts, incident, incidentPage(incident))),
  }
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}

/** Four digits of a share say all that the page says. */
function rounded(share: number | null): number | null {
  return share === null ? null : Math.floor(share * 10_000) / 10_000
}

function spanJson({ available, failed, silentMinutes, median, p95 }: Span) {
  return {
    available: rounded(available),
    failed: failed === null ? null : Math.ceil(failed * 10_000) / 10_000,
    minutes_without_figures: silentMinutes,
    median_ms: median === null ? null : Math.round(median),
    p95_ms: p95 === null ? null : Math.round(p95),
  }
}

function connectionsJson({ state, answering, all, named }: Connections) {
  return { state, answering, all, named }
}

function ordersJson({ category, start, finish }: CategoryTimes) {
  const both = ({ day, month }: { readonly day: Times | null; readonly month: Times | null }) => ({ last_day: day, last_30_days: month })
  return { category, start: both(start), finish: both(finish) }
}

function incidentJson(texts: Texts, incident: Incident, page: string) {
  const { id, cause, affects, began, settled } = incident
  const told = toldOf(texts, incident)
  return { id, page, cause, affects, began, settled, title: told.at(-1)?.title ?? null, updates: told }
}
