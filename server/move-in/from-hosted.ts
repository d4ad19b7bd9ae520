import { type JsonObject, isObject, type Json, member, readJson, readText } from '../json.ts'
import type { Outgoing } from '../outgoing/fetch.ts'
import { refuse } from '../refusal.ts'
import { type Kind, type Panel, type Raw, type Told } from './panel.ts'

/** A hosted panel, read by its admin API with the operator's key. */
export interface HostedAccess {
  /** Like https://panel.example: the address of the panel. */
  readonly url: string
  readonly key: string
  /** A reseller's key of the operator's own, by which services are listed; null: none. */
  readonly servicesKey: string | null
  readonly outgoing: Outgoing
  readonly privateNetwork: boolean
  /** Waits; a test does not. */
  readonly pause: (ms: number) => Promise<void>
}

const PAGE = 1000
/** It takes five requests a second. */
const BETWEEN_MS = 220
const MOST_TRIES = 6

/** Reads pages of a hosted panel. Its suppliers are only names: where the address and key of one are known, they come from a file of suppliers. */
export function panelOfHosted(access: HostedAccess, name: string, suppliers: () => AsyncIterable<Told>): Panel {
  const api = { url: `${access.url}/api/v2`, privateNetwork: access.privateNetwork }
  return { name, api, linkLimit: null, read: (wanted) => readKinds(access, wanted, suppliers) }
}

async function* readKinds(access: HostedAccess, wanted: ReadonlySet<Kind>, suppliers: () => AsyncIterable<Told>): AsyncGenerator<Told> {
  if (wanted.has('suppliers')) yield* suppliers()
  if (wanted.has('services') && access.servicesKey !== null)
    yield { kind: 'services', rows: await readServices(access, access.servicesKey) }
  if (wanted.has('accounts')) for await (const rows of pages(access, 'users')) yield { kind: 'accounts', rows: rows.map(rawAccount) }
  if (!wanted.has('orders')) return
  // Orders name their customer, not its number.
  const numbers = new Map<string, string>()
  for await (const rows of pages(access, 'users')) for (const row of rows) numbers.set(textAt(row, 'username'), textAt(row, 'id'))
  for await (const rows of pages(access, 'orders')) yield { kind: 'orders', rows: rows.map((row) => rawOrder(row, numbers)) }
}

async function* pages(access: HostedAccess, what: 'users' | 'orders'): AsyncGenerator<JsonObject[]> {
  let before = new Set<string>()
  for (let offset = 0; ; offset += PAGE) {
    const answer = await ask(access, `/adminapi/v2/${what}?limit=${PAGE}&offset=${offset}`)
    const data = member(answer, 'data')
    const list = Array.isArray(data) ? data : member(data, 'list')
    const rows = (Array.isArray(list) ? list : []).filter(isObject)
    // What is placed meanwhile shifts the pages of a list that begins with the newest.
    const fresh = rows.filter((row) => !before.has(textAt(row, 'id')))
    before = new Set(rows.map((row) => textAt(row, 'id')))
    if (fresh.length > 0) yield fresh
    if (rows.length < PAGE) return
  }
}

async function readServices(access: HostedAccess, key: string): Promise<Raw[]> {
  const form = new URLSearchParams({ key, action: 'services' }).toString()
  const answer = await ask(access, '/api/v2', form)
  if (!Array.isArray(answer)) throw refuse('old_panel_unclear', 'its list of services', readText(member(answer, 'error')))
  return answer.filter(isObject).map((row) => ({
    id: textAt(row, 'service'),
    name: textAt(row, 'name'),
    category: textAt(row, 'category'),
    type: textAt(row, 'type'),
    rate: textAt(row, 'rate'),
    min: textAt(row, 'min'),
    max: textAt(row, 'max'),
    dripfeed: textAt(row, 'dripfeed'),
    refill: textAt(row, 'refill'),
    cancel: textAt(row, 'cancel'),
  }))
}

function rawAccount(row: JsonObject): Raw {
  return {
    id: textAt(row, 'id'),
    email: textAt(row, 'email'),
    balance: textAt(row['balance'], 'value') || textAt(row, 'balance'),
    state: /^(active|1)$/i.test(textAt(row, 'status')) || textAt(row, 'status') === '' ? 'on' : 'suspended',
    createdAt: textAt(row, 'created_timestamp'),
  }
}

function rawOrder(row: JsonObject, numbers: ReadonlyMap<string, string>): Raw {
  return {
    id: textAt(row, 'id'),
    account: numbers.get(textAt(row, 'user')) ?? textAt(row, 'user'),
    service: textAt(row, 'service_id'),
    supplier: textAt(row, 'provider'),
    reference: textAt(row, 'external_id'),
    link: textAt(row, 'link'),
    quantity: textAt(row, 'quantity'),
    charge: textAt(row['charge'], 'value') || textAt(row, 'charge'),
    startCount: textAt(row, 'start_count'),
    remains: textAt(row, 'remains'),
    status: textAt(row, 'status'),
    createdAt: textAt(row, 'created_timestamp') || textAt(row, 'created'),
  }
}

/** Asks until there is an answer: a 429 or a lost connection waits longer each time, and as long as the panel says. */
async function ask({ url, key, outgoing, pause }: HostedAccess, path: string, body?: string): Promise<Json> {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const options =
    body === undefined ? { method: 'GET' as const, headers: { 'X-Api-Key': key } } : { method: 'POST' as const, headers: form, body }
  for (let attempt = 1; ; attempt += 1) {
    await pause(BETWEEN_MS)
    const outcome = await outgoing.call(`${url}${path}`, { ...options, bodyLimitBytes: 64 * 1024 * 1024, timeLimitMs: 120_000 })
    const failure = outcome.kind === 'answered' ? `HTTP ${outcome.status}` : outcome.words
    if (outcome.kind === 'answered' && outcome.status === 200) {
      const answer = readJson(outcome.text)
      if (answer !== undefined) return answer
    } else if (outcome.kind === 'answered' && outcome.status < 500 && outcome.status !== 429)
      throw refuse('old_panel_unclear', path.split('?')[0]!, failure)
    // An address that is not called now is not called later either.
    const isNever = outcome.kind === 'not sent' && (outcome.reason === 'address' || outcome.reason === 'url')
    if (isNever || attempt === MOST_TRIES) throw refuse('old_panel_unclear', path.split('?')[0]!, failure)
    const told = outcome.kind === 'answered' ? Number(outcome.retryAfter) * 1000 : 0
    await pause(told > 0 ? Math.min(told, 60_000) : 1000 * 2 ** (attempt - 1))
  }
}

function textAt(value: Json | undefined, name: string): string {
  const found = member(value, name)
  if (typeof found === 'boolean') return found ? '1' : '0'
  return typeof found === 'string' ? found : ''
}
