import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { House } from '../acts/house.ts'
import type { AccountContext } from '../customers/account-context.ts'
import { doesNotFit, isServerInTrouble, isUnavailable } from '../db/pool.ts'
import type { OrderContext } from '../ordering/call.ts'
import type { PaymentContext } from '../payments/payments.ts'
import { isRefusal, type Refusal, refuse } from '../refusal.ts'
import type { ProviderContext } from '../sign-in-providers/context.ts'
import { routeChangelog } from './changelog/changelog-routes.ts'
import { rememberChangelog } from './changelog/newest-changes.ts'
import { routeAccount } from './customer/account/account-routes.ts'
import { routeLinkedSignIns } from './customer/account/linked-routes.ts'
import { routeEntry } from './customer/entry/entry-routes.ts'
import { routeProviders } from './customer/entry/provider-routes.ts'
import { askForTerms, routeTerms } from './customer/entry/terms-routes.ts'
import { routeExplain } from './customer/explain/explain-routes.ts'
import { routeFollowed } from './customer/followed/followed-routes.ts'
import { routeFunds } from './customer/funds/funds-routes.ts'
import { routeKeys } from './customer/keys/keys-routes.ts'
import { routeMailbox } from './customer/mailbox/mailbox-routes.ts'
import { routeMassOrder } from './customer/mass-order/mass-order-routes.ts'
import { routeOrder } from './customer/order/order-routes.ts'
import { routeOrders } from './customer/orders/orders-routes.ts'
import { routePanels } from './customer/own-panels/panels-routes.ts'
import { findAnnouncements, routeAnnouncements } from './customer/announcements/announcements-routes.ts'
import { routeReferrals } from './customer/referrals/referrals-routes.ts'
import { routeFindServices } from './customer/services/find-services.ts'
import { routeServices } from './customer/services/services-routes.ts'
import { routeStart } from './customer/start/start-routes.ts'
import { routeSupport } from './customer/support/support-routes.ts'
import { routeUsage } from './customer/usage/usage-routes.ts'
import { routeWebhooks } from './customer/hooks/webhooks-routes.ts'
import { routeDesk } from './desk/desk-routes.ts'
import { routeDocs } from './docs/route.ts'
import { routeFront } from './front/front-routes.ts'
import { keepCameBy } from './came-by.ts'
import { routeOwnPages } from './front/own-page-routes.ts'
import { rememberStanding } from './status/remember-standing.ts'
import { routeStatus } from './status/status-routes.ts'
import { routePublicServices } from './front/public-services-routes.ts'
import { routeSearchEngines } from './front/search-engines.ts'
import { SAFE_METHODS } from './cookies.ts'
import { sendAsset, sendPage } from './respond.ts'
import { openSessions } from './session.ts'
import { refuseSignedOut } from './signed-out.ts'
import type { Failure } from './site.tsx'
import { openSites } from './sites.ts'
import { closestLanguage } from '../texts/negotiate.ts'
import { refuseViewers, routeViews } from './views.ts'
import { addressIn, rememberChoice, visitorOf, keptQuery } from './visitor.ts'
import type { ProgramContext, Web, WebSettings } from './web.ts'

/** Routes the pages. Their hooks, cookies and headers are in a scope of their own: none of them runs for a request to the API. */
export function routeWeb(
  app: FastifyInstance,
  settings: WebSettings,
  accounts: () => AccountContext,
  orders: () => OrderContext,
  programs: () => ProgramContext,
  payments: () => PaymentContext,
  providers: () => ProviderContext,
  house: () => House,
) {
  const sites = openSites(() => settings.house)
  const web: Web = {
    settings,
    accounts,
    orders,
    programs,
    payments,
    providers,
    longReads: () => house().longReads,
    ...rememberStanding(accounts),
    newestChanges: rememberChangelog(accounts),
    site: sites.current,
  }
  void app.register(async (pages: FastifyInstance) => {
    await preparePages(pages, web)
    routeDesk(pages, web, house)
  })
  void app.register(async (pages: FastifyInstance) => {
    await preparePages(pages, web)
    openSessions(pages, () => ({ accounts: accounts(), localeOf: (request) => visitorOf(request, settings).language.code }))
    refuseSignedOut(pages)
    refuseViewers(pages)
    askForTerms(pages, web)
    keepCameBy(pages, web)
    findAnnouncements(pages, web)
    routeStatus(pages, web)
    pages.get('/assets/:file', async (request, reply) => {
      const file = await sites.file(request.url)
      return file ? sendAsset(request, reply, file) : reply.callNotFound()
    })
    routeFront(pages, web)
    routeOwnPages(pages, web)
    routePublicServices(pages, web)
    routeSearchEngines(pages, web)
    routeViews(pages, web)
    routeDocs(pages, web)
    routeChangelog(pages, web)
    routeEntry(pages, web)
    routeProviders(pages, web)
    routeTerms(pages, web)
    routeAccount(pages, web)
    routeLinkedSignIns(pages, web)
    routeServices(pages, web)
    routeFindServices(pages, web)
    routeOrder(pages, web)
    routeMassOrder(pages, web)
    routeOrders(pages, web)
    routeFollowed(pages, web)
    routeSupport(pages, web)
    routeFunds(pages, web)
    routeReferrals(pages, web)
    routePanels(pages, web)
    routeAnnouncements(pages, web)
    routeStart(pages, web)
    routeExplain(pages, web)
    routeKeys(pages, web)
    routeWebhooks(pages, web)
    routeUsage(pages, web)
    if (settings.mailboxPage) routeMailbox(pages, web)
    pages.get('*', (request, reply) => sendElsewhere(web, request, reply))
  })
}

/** What the pages of customers and those of staff have in common. */
async function preparePages(pages: FastifyInstance, web: Web) {
  await pages.register(cookie)
  await pages.register(helmet, headersFor(web.settings))
  acceptForms(pages)
  pages.addHook('preHandler', async (request, reply) => {
    const further = rememberChoice(request, reply, web.settings)
    return further === undefined ? undefined : reply.redirect(further, 303)
  })
  pages.setErrorHandler((error: FastifyError | Refusal, request, reply) => sendFailure(web, request, reply, failureOf(web, error, request)))
}

const LARGEST_FORM = 65_536

/** Parses the forms of our own pages and does not trim their values: a password may begin with a space. */
function acceptForms(pages: FastifyInstance) {
  pages.removeAllContentTypeParsers()
  const asText = { parseAs: 'string', bodyLimit: LARGEST_FORM } as const
  pages.addContentTypeParser('application/x-www-form-urlencoded', asText, async (_: FastifyRequest, body: string) => fieldsOf(body))
}

/** Our largest form has fewer than a hundred fields. */
const MOST_FIELDS = 1000

function fieldsOf(body: string): Record<string, string> {
  let at = -1
  for (let count = 0; count <= MOST_FIELDS; count += 1) {
    at = body.indexOf('&', at + 1)
    if (at === -1) return Object.fromEntries(new URLSearchParams(body))
  }
  throw refuse('too_many_fields')
}

/** A page may load only our own files: no inline script, no other host, no frame around it. */
function headersFor({ publicUrl }: WebSettings) {
  const own = ["'self'"]
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: own,
        styleSrc: own,
        imgSrc: [...own, 'data:'],
        connectSrc: own,
        formAction: own,
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'same-origin' },
    // Browsers must insist on TLS only where the site has it.
    strictTransportSecurity: publicUrl?.startsWith('https://') === true,
  } as const
}

/** Answers an address that has no page. It may be another spelling of a page's address. Programs get the same answer as from the API. */
async function sendElsewhere(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const [path, query] = request.url.split('?', 2) as [string, string | undefined]
  const canonical = canonicalPath(path)
  if (canonical !== undefined) return reply.redirect(query === undefined ? canonical : canonical + keptQuery(query), 308)
  if (!(request.headers.accept ?? '').includes('text/html')) return reply.callNotFound()
  return sendFailure(web, request, reply, { kind: 'missing' })
}

/** For example, `/PT/api/` becomes `/pt-BR/api`. */
function canonicalPath(path: string): string | undefined {
  const [, first = '', rest = '/'] =
    /^\/([A-Za-z-]{2,12})(\/api|\/api\/changelog|\/services|\/status|\/p\/[a-z0-9-]{1,60})?\/?$/.exec(path) ?? []
  if (first === 'api' && rest === '/') return '/api'
  const language = first === '' ? undefined : closestLanguage(first)
  return language && addressIn(language, rest)
}

const STATUS: Readonly<Record<Failure['kind'], number>> = {
  missing: 404,
  failed: 500,
  busy: 503,
  stale: 403,
  looking: 403,
  hidden: 403,
  suspended: 503,
  closed: 503,
}

async function sendFailure({ site, settings }: Web, request: FastifyRequest, reply: FastifyReply, failure: Failure) {
  const [{ failurePage }, opened] = await Promise.all([import('./site.tsx'), site()])
  if (failure.kind === 'busy') void reply.header('retry-after', 1)
  if (failure.kind === 'suspended' || failure.kind === 'closed') void reply.header('retry-after', 3600)
  return sendPage(request, reply, failurePage(opened.frame(visitorOf(request, settings)), failure), STATUS[failure.kind])
}

function failureOf({ settings }: Web, error: FastifyError | Refusal, request: FastifyRequest): Failure {
  if (isServerInTrouble(error))
    settings.log.error({ err: error, request: request.id }, 'the database server is in trouble: nothing was changed')
  if (isRefusal(error, 'suspended')) return { kind: 'suspended' }
  if (isRefusal(error, 'closed')) return { kind: 'closed' }
  if ((isRefusal(error) && error.kind === 'now') || isUnavailable(error)) return { kind: 'busy' }
  if (isRefusal(error, 'only_looking')) return { kind: 'looking' }
  if (isRefusal(error, 'not_for_viewers')) return { kind: 'hidden' }
  // The account was suspended after its session was found; the next page leads to where one signs in.
  if (isRefusal(error, 'invalid_key')) return { kind: 'stale' }
  // The request is not one of our forms, or is too large to be one.
  if (isRefusal(error) ? error.kind === 'call' : isOfTheCaller(error.statusCode)) return { kind: 'stale' }
  // Nothing has such a number, and no form takes such a text.
  if (doesNotFit(error)) return SAFE_METHODS.has(request.method) ? { kind: 'missing' } : { kind: 'stale' }
  settings.log.error({ err: error, request: request.id }, 'a page failed')
  return { kind: 'failed', request: request.id }
}

/** Whether the framework's own status blames the request. */
function isOfTheCaller(status = 500): boolean {
  return status >= 400 && status < 500
}
