import { expect } from 'vitest'
import { staffAdd } from '../../server/acts/staff-add.ts'
import type { Role } from '../../server/staff/roles.ts'
import { startStaffSession } from '../../server/staff/sessions.ts'
import { houseOf, run } from './acts.ts'
import type { Docket } from './docket.ts'

export interface DeskPages {
  readonly staffId: number
  readonly email: string
  /** For the cookie of a browser: `docket-desk=…`. */
  readonly cookie: string
  get(path: string): Promise<{ status: number; html: string; location: string | null }>
  /** A file, as its bytes. */
  raw(path: string): Promise<Buffer>
  /** Sends a form of the desk with the token of the page. */
  post(path: string, fields?: Record<string, string>): Promise<{ status: number; html: string; location: string | null }>
  /** Fills in the form of an act, looks at what would change, confirms it, and answers where it led. */
  do(act: string, fields: Record<string, string>): Promise<{ preview: string; location: string | null; html: string }>
}

let people = 0

/** A member of staff with this role who is signed in to the desk: their browser, without its looks. */
export async function openDesk(
  docket: Pick<Docket, 'db' | 'clock' | 'node'>,
  { role = 'owner', language = 'en' }: { role?: Role; language?: string } = {},
): Promise<DeskPages> {
  const house = houseOf(docket.db, docket.clock.now)
  const { rows } = await docket.db.query(`select from staff where role = 'owner' and ended_at is null`)
  if (rows.length === 0 && role !== 'owner')
    await run(house, staffAdd, { email: 'first-owner@example.com', name: 'First owner', role: 'owner' })
  const email = `staff${(people += 1)}@example.com`
  await run(house, staffAdd, { email, name: `Staff ${people}`, role })
  const staffId = (await docket.db.query<{ id: number }>('select id from staff where email = $1', [email])).rows[0]!.id
  const token = await startStaffSession(docket.db, staffId, { address: '198.51.100.7', agent: 'test' }, docket.clock.now())
  const cookie = `docket-desk=${token}`
  const base = docket.node.url!
  const headers = { cookie: `${cookie}; language=${language}`, origin: base }
  const ask = async (path: string, more: Omit<RequestInit, 'headers'> = {}) => {
    const response = await fetch(base + path, { redirect: 'manual', ...more, headers })
    return { status: response.status, html: await response.text(), location: response.headers.get('location') }
  }
  const post = async (path: string, fields: Record<string, string> = {}) => {
    const csrf = hiddenIn((await ask('/desk')).html, 'csrf')
    expect(csrf).not.toBe('')
    return ask(path, { method: 'POST', body: new URLSearchParams({ csrf, ...fields }) })
  }
  return {
    staffId,
    email,
    cookie,
    get: (path) => ask(path),
    raw: async (path) => Buffer.from(await (await fetch(base + path, { headers })).arrayBuffer()),
    post,
    async do(act, fields) {
      const preview = await post(`/desk/do/${act}`, fields)
      expect([preview.status, preview.status === 200 ? '' : preview.html]).toEqual([200, ''])
      const done = await post(`/desk/do/${act}`, { ...fields, 'form:once': hiddenIn(preview.html, 'form:once') })
      return { preview: preview.html, location: done.location, html: done.html }
    },
  }
}

/** The value of a hidden field. */
export function hiddenIn(html: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ''
}
