import type { PublicChange } from '../../catalog/public-changes.ts'
import type { Service } from '../../catalog/catalogue.ts'
import { type Wording, wordingFor } from '../../wording.ts'
import type { ChangelogPage } from './read-changelog.ts'

/** An entry of the operator's own, as its reader gets it. */
export interface ShownEntry extends Wording {
  readonly id: number
  readonly at: Date
}

/** What changed of one service on one day, the newest first. */
export interface ServiceOfDay {
  readonly service: number
  readonly name: string
  readonly category: string
  readonly changes: readonly PublicChange[]
}

export interface ChangelogDay {
  /** Like 2026-11-30. */
  readonly day: string
  readonly entries: readonly ShownEntry[]
  readonly services: readonly ServiceOfDay[]
}

/** The changelog for a reader, by day, the newest first. */
export interface ShownChanges {
  readonly days: readonly ChangelogDay[]
  readonly currency: string
}

interface Reader {
  readonly language: string
  readonly currency: string
  readonly seesPrices: boolean
  readonly services: ReadonlyMap<number, Service>
}

export function shownChanges({ changes, entries }: Pick<ChangelogPage, 'changes' | 'entries'>, reader: Reader): ShownChanges {
  const days = new Map<string, { entries: ShownEntry[]; services: Map<number, PublicChange[]> }>()
  const dayOf = (at: Date) => {
    const day = at.toISOString().slice(0, 10)
    const known = days.get(day) ?? { entries: [], services: new Map<number, PublicChange[]>() }
    days.set(day, known)
    return known
  }
  for (const { id, at, wordings } of entries) {
    const wording = wordingFor(reader.language, wordings)
    if (wording) dayOf(at).entries.push({ id, at, ...wording })
  }
  for (const change of changes) {
    if (change.what === 'rate' && !reader.seesPrices) continue
    const { services } = dayOf(change.at)
    services.set(change.service, [...(services.get(change.service) ?? []), change])
  }
  const shown = [...days].map(([day, found]) => ({
    day,
    entries: found.entries,
    services: [...found.services].map(([service, ofService]) => serviceOf(service, ofService, reader)),
  }))
  return { days: shown.toSorted((one, other) => other.day.localeCompare(one.day)), currency: reader.currency }
}

/** One that is on sale is called as in the list of services; one that is not, as it was called then. */
function serviceOf(service: number, changes: readonly PublicChange[], { language, services }: Reader): ServiceOfDay {
  const now = services.get(service)
  if (now?.state !== 'on sale') return { service, name: changes[0]!.name, category: '', changes }
  const words = now.translations[language]
  return { service, name: words?.name ?? now.name, category: words?.category ?? now.category, changes }
}

/** The first so many entries and services of it. */
export function firstOf({ days, currency }: ShownChanges, most: number): ShownChanges {
  let left = most
  const first: ChangelogDay[] = []
  for (const { day, entries, services } of days) {
    if (left <= 0) break
    const cut = { day, entries: entries.slice(0, left), services: services.slice(0, Math.max(0, left - entries.length)) }
    left -= cut.entries.length + cut.services.length
    first.push(cut)
  }
  return { days: first, currency }
}
