import { OPERATOR_API, pathOf } from '../../../server/operator-api/route.ts'
import { lists } from '../../../server/operator-api/lists.ts'
import type { World } from '../world.ts'
import { sampleActs } from './acts.ts'
import { edgesOf } from './edges.ts'
import { ONCE, type Target } from './target.ts'

/** Each act of the operator's API, tried and done, and each list. */
export function operatorTargets(world: World): Target[] {
  const headers = { authorization: `Bearer ${world.token}` }
  const target = (method: Target['method'], path: string, fields: Record<string, string>, more: Partial<Target> = {}): Target => ({
    name: `${method} ${OPERATOR_API}${path}`,
    method,
    path: OPERATOR_API + path,
    kind: 'operator',
    headers,
    fields,
    ...more,
  })
  const ofActs = sampleActs(world).flatMap(({ act, input, isSeldom }) => {
    const fields = Object.fromEntries(Object.entries(input).map(([name, value]) => [name, JSON.stringify(value)]))
    const path = pathOf(act)
    const edges = edgesOf(act.input)
    const saw = act.overwrites ? { saw: 'null' } : undefined
    return [
      target('POST', path, { ...fields, dry_run: 'true' }, { name: `POST ${OPERATOR_API}${path}, a dry run`, edges }),
      target(
        'POST',
        path,
        { ...fields, ...saw },
        { ...(isSeldom && { isSeldom }), edges, headers: { ...headers, 'idempotency-key': ONCE } },
      ),
    ]
  })
  const ofLists = lists.map(({ name, filters }) => {
    const read = Object.keys(filters.shape).map((filter) => [filter, filterValue(world, filter)] as const)
    return target('GET', `/${name}`, { ...Object.fromEntries(read), cursor: '1000', most: '20' }, { edges: textsOfEdges(edgesOf(filters)) })
  })
  return [...ofActs, ...ofLists, target('GET', '/openapi.json', {})]
}

/** An address has texts and no JSON. */
function textsOfEdges(edges: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  const textOf = (json: string) => {
    const value: unknown = JSON.parse(json)
    return typeof value === 'string' ? value : json
  }
  return Object.fromEntries(Object.entries(edges).map(([name, values]) => [name, values.map(textOf)]))
}

/** What a filter of any list takes. One that a list does not know as a word is refused by it, and that is told too. */
function filterValue({ beside, order, job, export: file }: World, filter: string): string {
  const known: Readonly<Record<string, string>> = {
    account: String(beside.account),
    act: 'fund',
    balance: 'low',
    by: 'day',
    category: 'Default',
    cause: 'charge',
    currency: 'USD',
    customer: String(beside.account),
    day: '2026-11-28',
    export: String(file),
    find: 'K7MP3XQ9RT4W',
    from: '2026-11-01',
    group: String(beside.group),
    job: String(job),
    key: '1',
    kind: 'stuck',
    method: '1',
    order: String(order),
    origin: 'plain',
    q: 'followers',
    reference: 'x',
    service: '101',
    show: 'waiting',
    sort: 'name',
    spent: '1',
    staff: String(beside.staff),
    status: 'Pending',
    supplier: '1',
    text: 'fuzz',
    to: '2026-11-30',
    trouble: 'paused',
    until: '2026-11-30',
    waiting: 'yes',
    without_payer: 'yes',
  }
  return known[filter] ?? ''
}
