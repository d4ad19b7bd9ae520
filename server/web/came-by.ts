import type { FastifyInstance } from 'fastify'
import { isReferralCode } from '../referrals/referrers.ts'
import { readCookie, writeCookie } from './cookies.ts'
import { keptQuery } from './visitor.ts'
import type { Web } from './web.ts'

const MONTH_SECONDS = 30 * 24 * 3600

/**
 * `?ref=CODE` on any page is kept in a cookie of our own until an account is opened, and leads to the same page without it. Nothing is kept while nobody
 * may register, while the house has no referrals, or of somebody who is signed in.
 */
export function keepCameBy(pages: FastifyInstance, web: Web): void {
  pages.addHook('preHandler', async (request, reply) => {
    if (request.method !== 'GET' || !request.url.includes('ref=')) return undefined
    const [path = '/', query = ''] = request.url.split('?', 2)
    const parameters = new URLSearchParams(query)
    const code = parameters.get('ref')
    const { registration, site } = web.accounts()
    if (!isReferralCode(code) || registration === null || !web.settings.referrals.isOn || request.session) return undefined
    // The first link counts: another one changes nothing.
    if (!isReferralCode(readCookie(request, site.url, 'came-by'))) {
      writeCookie({ request, reply }, site.url, 'came-by', { value: code, maxAge: MONTH_SECONDS })
    }
    parameters.delete('ref')
    const rest = parameters.size > 0 ? keptQuery(parameters.toString()) : ''
    return reply.header('cache-control', 'no-store').redirect(`/${path.replace(/^[/\\]+/, '')}${rest}`, 303)
  })
}
