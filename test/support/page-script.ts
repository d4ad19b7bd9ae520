import type { Docket } from './docket.ts'
import type { OwnPages } from './own-pages.ts'

/** What a page's script sends, and the data it is answered with. */
export async function asScript(
  docket: Docket,
  me: OwnPages,
  path: string,
  fields: Record<string, string>,
  csrf?: string,
): Promise<{ status: number; data: any }> {
  const base = docket.node.url!
  const own = csrf ?? me.hidden((await me.get('/account')).html, 'csrf')
  const response = await fetch(base + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: `docket-session=${me.token}; language=en`, origin: base, accept: 'application/json' },
    body: new URLSearchParams({ ...fields, csrf: own }),
  })
  const isData = response.headers.get('content-type')?.startsWith('application/json')
  return { status: response.status, data: isData ? await response.json() : await response.text() }
}
