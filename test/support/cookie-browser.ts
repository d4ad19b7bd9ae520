/** A browser without its looks: it keeps cookies, follows nothing by itself, and sends the forms of the page that came last. */
export interface CookieBrowser {
  readonly cookies: Map<string, string>
  get(path: string): Promise<Came>
  /** Sends a form with the token of the page that came last. */
  post(path: string, fields?: Record<string, string>): Promise<Came>
}

export interface Came {
  readonly status: number
  readonly html: string
  readonly location: string | null
  readonly headers: Headers
}

let addresses = 0

export interface Sent {
  readonly method?: string
  readonly body?: URLSearchParams
  readonly headers: Record<string, string>
  readonly redirect: 'manual'
}

/** `base`: where the panel is. Each browser sits at a network address of its own. `send`: how requests get there. */
export function cookieBrowser(base: string, language = 'en', send: (url: URL, sent: Sent) => Promise<Response> = fetch): CookieBrowser {
  const cookies = new Map([['language', language]])
  const address = `198.18.${(addresses += 1) >> 8}.${addresses & 255}`
  let csrf = ''
  const ask = async (path: string, more: Pick<Sent, 'method' | 'body'> = {}): Promise<Came> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { cookie, origin: base, accept: 'text/html', 'x-forwarded-for': address }
    const response = await send(new URL(path, base), { ...more, redirect: 'manual', headers })
    for (const each of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? []
      if (/expires=Thu, 01 Jan 1970|max-age=0/i.test(each)) cookies.delete(name)
      else cookies.set(name, value)
    }
    const html = await response.text()
    csrf = /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? csrf
    return { status: response.status, html, location: response.headers.get('location'), headers: response.headers }
  }
  return {
    cookies,
    get: (path) => ask(path),
    post: (path, fields = {}) => ask(path, { method: 'POST', body: new URLSearchParams({ csrf, ...fields }) }),
  }
}
