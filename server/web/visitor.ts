import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TrustProxy } from '../requests/trust-proxy.ts'
import { type Language, languageByCode, languages } from '../texts/languages.ts'
import { acceptedLanguages, suggestedLanguages } from '../texts/negotiate.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** Who looks at a page, as far as a page may know it. */
export interface Visitor {
  readonly language: Language
  readonly suggested: readonly Language[]
  readonly theme: Theme
  /** Where the visitor is, without the language in front: `/api`. */
  readonly path: string
  /** How the visitor reaches this server: `https://panel.example`. */
  readonly origin: string
  /** Whoever is signed in. */
  readonly account: OwnAccount | undefined
}

/** What the frame around every page shows of the reader's account. */
export interface OwnAccount {
  readonly email: string
  readonly wallet: bigint
  readonly currency: string
  readonly csrf: string
}

export interface VisitorSettings {
  readonly publicUrl: string | undefined
  readonly trustProxy: TrustProxy | false
}

/** The language in the address wins, then the one that was picked, then what the browser asks for. */
export function visitorOf(request: FastifyRequest, settings: VisitorSettings): Visitor {
  const { inAddress, path } = splitAddress(request.url)
  // What is refused before its cookies are read has none.
  const { language = '', theme } = request.cookies ?? {}
  const picked = languageByCode(language)
  const accepted = acceptedLanguages(request.headers['accept-language'])
  const country = settings.trustProxy && settings.trustProxy(request.socket.remoteAddress ?? '', 0) ? countryOf(request) : undefined
  return {
    language: inAddress ?? picked ?? accepted[0] ?? languages[0]!,
    suggested: suggestedLanguages(accepted, { inAddress, country }),
    theme: themeNamed(theme) ?? 'system',
    path,
    origin: settings.publicUrl ?? originOf(request),
    account: accountOf(request),
  }
}

function accountOf({ session, formToken }: FastifyRequest): OwnAccount | undefined {
  return session && { email: session.email, wallet: session.wallet, currency: session.currency, csrf: formToken! }
}

const YEAR_SECONDS = 31_536_000

/** `?language=sl` and `?theme=dark` on any page remember the choice and lead to the same page without it: how the pickers work
 * without script. Answers where to go, or undefined when nothing was chosen. */
export function rememberChoice(request: FastifyRequest, reply: FastifyReply): string | undefined {
  const [address, query] = request.url.split('?', 2)
  if (query === undefined) return undefined
  const parameters = new URLSearchParams(query)
  const language = languageByCode(parameters.get('language') ?? '')
  const theme = themeNamed(parameters.get('theme') ?? undefined)
  if (!language && !theme) return undefined
  if (language) rememberLanguage(request, reply, language)
  if (theme) void reply.setCookie('theme', theme, choiceCookie(request))
  parameters.delete('language')
  parameters.delete('theme')
  const { inAddress, path } = splitAddress(address!)
  const rest = parameters.size > 0 ? keptQuery(parameters.toString()) : ''
  return `${language && inAddress ? addressIn(language, path) : ownAddress(address!)}${rest}`
}

/** Longer than the questions that our pages ask. */
const LONGEST_QUERY = 2000

/** The query that leads on with a redirect. A long one is left out: browsers and proxies refuse an answer whose headers are too large. */
export function keptQuery(query: string): string {
  return query.length <= LONGEST_QUERY ? `?${query}` : ''
}

/** The pages come in this language from now on. */
export function rememberLanguage(request: FastifyRequest, reply: FastifyReply, language: Language) {
  void reply.setCookie('language', language.code, choiceCookie(request))
}

function choiceCookie(request: FastifyRequest) {
  return { path: '/', maxAge: YEAR_SECONDS, sameSite: 'lax', secure: request.protocol === 'https' } as const
}

/** The address of a page in a language. */
export function addressIn(language: Language, path: string): string {
  return `/${language.code}${path === '/' ? '' : path}`
}

function splitAddress(url: string): { inAddress: Language | undefined; path: string } {
  const address = ownAddress(url.split('?', 1)[0]!)
  const [, first = '', rest = ''] = /^\/([^/]*)(.*)/s.exec(address) ?? []
  const inAddress = languageByCode(first)
  return { inAddress, path: inAddress ? rest || '/' : address }
}

/** `//elsewhere.example` is an address of someone else to a browser. */
function ownAddress(path: string): string {
  return `/${path.replace(/^[/\\]+/, '')}`
}

function themeNamed(name: string | undefined): Theme | undefined {
  return themes.find((theme) => theme === name)
}

/** Of proxies that say where a request came from. */
function countryOf(request: FastifyRequest): string | undefined {
  const country = request.headers['cf-ipcountry'] ?? request.headers['x-country-code']
  return typeof country === 'string' ? country : undefined
}

const LONGEST_HOST = 253 + ':65535'.length
const NAMED_HOST = /^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*\.?(:\d{1,5})?$/i
const NUMBERED_HOST = /^\[[0-9a-f:.]{2,45}\](:\d{1,5})?$/i

/** Host and scheme are whatever the client says: only what can be nothing but a host, of the length of one, goes into a page. */
function originOf({ host, protocol }: FastifyRequest): string {
  const isHost = host.length <= LONGEST_HOST && (NAMED_HOST.test(host) || NUMBERED_HOST.test(host))
  return `${protocol === 'https' ? 'https' : 'http'}://${isHost ? host : 'localhost'}`
}
