import type { FastifyRequest } from 'fastify'
import type { AccountContext } from '../../customers/account-context.ts'
import { rememberBriefly } from '../../requests/remember-briefly.ts'
import { visitorOf } from '../visitor.ts'
import type { Web } from '../web.ts'
import { type ChangelogPage, readChangelog } from './read-changelog.ts'
import { firstOf, type ShownChanges, shownChanges } from './shown-changes.ts'

const REMEMBERED_MS = 30_000

export function rememberChangelog(accounts: () => AccountContext): Web['newestChanges'] {
  const now = () => accounts().now()
  return rememberBriefly(REMEMBERED_MS, now, () => readChangelog(accounts().db, null, null, now()))
}

const MOST_ON_DOCS = 5

/** The newest few changes, for the API's documentation. */
export async function newestChanges(web: Web, request: FastifyRequest): Promise<ShownChanges> {
  return firstOf(shownTo(web, request, (await pageFor(web, request, null)).value), MOST_ON_DOCS)
}

/** A page of the changelog: customers see their own prices, strangers those of new accounts where the operator shows them. */
export async function pageFor(web: Web, request: FastifyRequest, before: bigint | null): Promise<{ readonly value: ChangelogPage }> {
  const { db, now } = web.accounts()
  const accountId = request.session?.accountId ?? null
  if (accountId === null && before === null) return web.newestChanges()
  return { value: await readChangelog(db, accountId, before, now()) }
}

export function shownTo(web: Web, request: FastifyRequest, page: ChangelogPage): ShownChanges {
  const { settings } = web
  const { language, account } = visitorOf(request, settings)
  return shownChanges(page, {
    language: language.code,
    currency: account?.currency ?? settings.currency,
    seesPrices: account !== undefined || settings.frontServices,
    services: web.orders().catalogue.current().services,
  })
}
