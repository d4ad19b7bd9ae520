import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Shown } from '../announcements/live.ts'
import type { Session } from '../customers/sessions.ts'
import type { ReferralProgram } from '../referrals/program.ts'
import type { TrustProxy } from '../requests/trust-proxy.ts'
import type { PublicPage } from '../site-pages/public-pages.ts'
import type { Permission, Role } from '../staff/roles.ts'
import type { Incident } from '../status/incidents.ts'
import { type Language, languageByCode, languages } from '../texts/languages.ts'
import { acceptedLanguages, suggestedLanguages } from '../texts/negotiate.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** All that a page may know about its visitor. */
export interface Visitor {
  readonly language: Language
  readonly suggested: readonly Language[]
  /** The languages that the house offers. */
  readonly offered: readonly Language[]
  readonly theme: Theme
  /** The currencies in which the house shows prices too, and the one that the visitor picked; undefined: none. */
  readonly currencies: readonly string[]
  readonly prices: string | undefined
  /** Customers may bring customers. */
  readonly hasReferrals: boolean
  /** The house sells panels to its customers. */
  readonly hasPanels: boolean
  /** The operator's own pages, which the foot of every page links to. */
  readonly pages: readonly PublicPage[]
  /** Visitors who are not signed in see the services on sale with their prices. */
  readonly frontServices: boolean
  /** Everybody sees how the house does. */
  readonly statusPage: boolean
  /** The path of the page without the language in front: `/api`. */
  readonly path: string
  /** The address at which the visitor reaches this server: `https://panel.example`. */
  readonly origin: string
  /** Undefined for visitors who are not signed in. */
  readonly account: OwnAccount | undefined
  /** A member of staff on a page of the desk. */
  readonly staff: OwnStaff | undefined
}

/** The part of the reader's account that the frame around every page shows. */
export interface OwnAccount {
  readonly email: string
  readonly wallet: bigint
  readonly currency: string
  readonly csrf: string
  /** A member of staff sees the pages as this customer does. */
  readonly viewedBy?: Session['viewedBy']
  /** What the house tells above the page. */
  readonly announcements?: readonly Shown[] | undefined
  /** What is disturbed now. */
  readonly incidents?: readonly Incident[] | undefined
}

/** The part of a member of staff that the frame around the desk's pages shows. */
export interface OwnStaff {
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly may: ReadonlySet<Permission>
  readonly csrf: string
}

export interface VisitorSettings {
  /** The languages that the house offers. */
  readonly languages: readonly Language[]
  /** The currencies in which prices are shown too. */
  readonly shownCurrencies: readonly string[]
  /** What customers who bring customers get; off: nothing. */
  readonly referrals: ReferralProgram
  /** What a panel of one's own costs per month; null: none is sold. */
  readonly child: { readonly rent: bigint | null }
  readonly pages: readonly PublicPage[]
  readonly frontServices: boolean
  readonly statusPage: boolean
  readonly publicUrl: string | undefined
  readonly trustProxy: TrustProxy | false
}

/** The language in the address wins, then the one that the visitor picked, then the one that the browser asks for. */
export function visitorOf(request: FastifyRequest, settings: VisitorSettings): Visitor {
  const { inAddress, path } = splitAddress(request.url)
  // A request that is refused before its cookies are parsed has none.
  const { language = '', theme, prices } = request.cookies ?? {}
  const offered = settings.languages
  const isOffered = (each: Language | undefined) => each !== undefined && offered.includes(each)
  const picked = languageByCode(language)
  const accepted = acceptedLanguages(request.headers['accept-language']).filter(isOffered)
  const country = settings.trustProxy && settings.trustProxy(request.socket.remoteAddress ?? '', 0) ? countryOf(request) : undefined
  return {
    language: [inAddress, picked, accepted[0], offered[0]].find(isOffered) ?? languages[0]!,
    suggested: suggestedLanguages(accepted, { inAddress, country }).filter(isOffered),
    offered,
    theme: themeNamed(theme) ?? 'system',
    currencies: settings.shownCurrencies,
    prices: settings.shownCurrencies.find((code) => code === prices),
    hasReferrals: settings.referrals.isOn,
    hasPanels: settings.child.rent !== null,
    pages: settings.pages,
    frontServices: settings.frontServices,
    statusPage: settings.statusPage,
    path,
    origin: settings.publicUrl ?? originOf(request),
    account: accountOf(request),
    staff: staffOf(request),
  }
}

function accountOf({ session, formToken, announcements, incidents }: FastifyRequest): OwnAccount | undefined {
  return (
    session && {
      email: session.email,
      wallet: session.wallet,
      currency: session.currency,
      csrf: formToken!,
      viewedBy: session.viewedBy,
      announcements,
      incidents,
    }
  )
}

function staffOf({ staff, formToken }: FastifyRequest): OwnStaff | undefined {
  return staff && { email: staff.email, name: staff.name, role: staff.role, may: staff.may, csrf: formToken! }
}

const YEAR_SECONDS = 31_536_000
/** Prices in the account's own currency only. */
const NO_CURRENCY = 'none'

/** `?language=sl`, `?theme=dark` and `?prices=EUR` on any page save the choice in a cookie and redirect to the same page without it; this is how the
 * pickers work without script. Returns the address of the redirect, or undefined when nothing was chosen. */
export function rememberChoice(
  request: FastifyRequest,
  reply: FastifyReply,
  { languages: offered, shownCurrencies }: VisitorSettings,
): string | undefined {
  const [address, query] = request.url.split('?', 2)
  const { inAddress: asked, path: rest } = splitAddress(address!)
  // Somebody has kept the address of a page in a language that is not offered any more.
  if (asked && !offered.includes(asked)) return query === undefined ? rest : rest + keptQuery(query)
  if (query === undefined) return undefined
  const parameters = new URLSearchParams(query)
  const named = languageByCode(parameters.get('language') ?? '')
  const language = named && offered.includes(named) ? named : undefined
  const theme = themeNamed(parameters.get('theme') ?? undefined)
  const prices = [...shownCurrencies, NO_CURRENCY].find((code) => shownCurrencies.length > 0 && code === parameters.get('prices'))
  if (!language && !theme && prices === undefined) return undefined
  if (language) rememberLanguage(request, reply, language)
  if (theme) void reply.setCookie('theme', theme, choiceCookie(request))
  if (prices === NO_CURRENCY) void reply.clearCookie('prices', { path: '/' })
  else if (prices !== undefined) void reply.setCookie('prices', prices, choiceCookie(request))
  parameters.delete('language')
  parameters.delete('theme')
  parameters.delete('prices')
  const { inAddress, path } = splitAddress(address!)
  const kept = parameters.size > 0 ? keptQuery(parameters.toString()) : ''
  return `${language && inAddress ? addressIn(language, path) : ownAddress(address!)}${kept}`
}

/** Longer than any query that our pages use. */
const LONGEST_QUERY = 2000

/** The query to keep in a redirect. A long one is dropped, because browsers and proxies refuse an answer whose headers are too large. */
export function keptQuery(query: string): string {
  return query.length <= LONGEST_QUERY ? `?${query}` : ''
}

/** Sets the language cookie: later pages come in this language. */
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

/** A browser reads `//elsewhere.example` as the address of another site, so leading slashes are reduced to one. */
function ownAddress(path: string): string {
  return `/${path.replace(/^[/\\]+/, '')}`
}

function themeNamed(name: string | undefined): Theme | undefined {
  return themes.find((theme) => theme === name)
}

/** The country that a proxy in front reports for the request. */
function countryOf(request: FastifyRequest): string | undefined {
  const country = request.headers['cf-ipcountry'] ?? request.headers['x-country-code']
  return typeof country === 'string' ? country : undefined
}

const LONGEST_HOST = 253 + ':65535'.length
const NAMED_HOST = /^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*\.?(:\d{1,5})?$/i
const NUMBERED_HOST = /^\[[0-9a-f:.]{2,45}\](:\d{1,5})?$/i

/** The client chooses host and scheme, so a page shows the host only if it has the form and the length of one. */
function originOf({ host, protocol }: FastifyRequest): string {
  const isHost = host.length <= LONGEST_HOST && (NAMED_HOST.test(host) || NUMBERED_HOST.test(host))
  return `${protocol === 'https' ? 'https' : 'http'}://${isHost ? host : 'localhost'}`
}
