import type { FastifyInstance, FastifyReply } from 'fastify'
import type { MessageKey } from '../../../../contract/message.ts'
import { panelOfKey } from '../../../children/keys.ts'
import { findKey, type KeyRow, listKeys } from '../../../customers/keys.ts'
import { addUpForPage, newestOrdersOfKey, readKeyDays } from '../../../orders/usage.ts'
import { isRefusal } from '../../../refusal.ts'
import type { Web } from '../../web.ts'
import { nothingHerePage } from '../app-frame.tsx'
import { onOwn, type OwnContext } from '../own-context.ts'
import { sendOwnPage } from '../../send.ts'
import { namedServices } from '../services/service-name.ts'
import { lastDays } from '../usage/days.tsx'
import { bookOfKeys } from '../usage/own-books.ts'
import type { OldKeys } from './old-keys.ts'
import { showEdit, showNew, showRevoke, takeEdit, takeNew, takeRevoke } from './key-changes.ts'

export function routeKeys(pages: FastifyInstance, web: Web) {
  // This node writes its counted calls before the page reads them, so "last used" is exact if there is only one node.
  const counted = (handle: (context: OwnContext) => Promise<FastifyReply>) =>
    onOwn(web, async (context) => {
      await web.programs().calls.flush()
      return handle(context)
    })
  pages.get('/keys', counted((context) => showKeys(context, web.programs().oldKeys)))
  pages.get('/keys/new', onOwn(web, showNew))
  pages.post('/keys/new', onOwn(web, takeNew))
  pages.get('/keys/old', onOwn(web, async (context) => (await import('./old-key.tsx')).showOldKey(context)))
  pages.post('/keys/old', onOwn(web, async (context) => (await import('./old-key.tsx')).takeOldKey(web.programs().oldKeys)(context)))
  pages.get('/keys/:id', counted((context) => onKey(context, showKey)))
  pages.get('/keys/:id/edit', onOwn(web, (context) => onKey(context, unlessOfPanel(showEdit))))
  pages.post('/keys/:id/edit', onOwn(web, (context) => onKey(context, unlessOfPanel(takeEdit))))
  pages.get('/keys/:id/revoke', counted((context) => onKey(context, unlessOfPanel(showRevoke))))
  pages.post('/keys/:id/revoke', counted((context) => onKey(context, unlessOfPanel(takeRevoke))))
} // prettier-ignore

const DONE: Readonly<Record<string, MessageKey>> = {
  changed: 'keys.done.changed',
  revoked: 'keys.done.revoked',
  claimed: 'keys.done.claimed',
}

function doneText({ query, ui }: OwnContext): string | undefined {
  const asked = query.get('done') ?? ''
  // The address may contain `__proto__`.
  const done = Object.hasOwn(DONE, asked) ? DONE[asked] : undefined
  return done && ui.frame.texts.text(done)
}

async function showKeys(context: OwnContext, oldKeys: OldKeys): Promise<FastifyReply> {
  const { reply, ui, session, orders, caller } = context
  const { keysPage } = await import('./keys.tsx')
  const now = orders.now()
  const keys = await listKeys(orders.db, session.accountId, now)
  const mayClaim = await oldKeys.mayClaim(session.accountId)
  return sendOwnPage(reply, keysPage(ui, { keys, currency: caller.currency, now, done: doneText(context), mayClaim }))
}

/** Another account's key gets the same answer as one that does not exist. A revoked key cannot be changed. */
async function onKey(context: OwnContext, handle: (context: OwnContext, key: KeyRow) => Promise<FastifyReply>): Promise<FastifyReply> {
  const { request, reply, ui, session, orders } = context
  const { id } = request.params as { id: string }
  const key = /^[1-9]\d{0,8}$/.test(id) ? await findKey(orders.db, session.accountId, Number(id), orders.now()) : undefined
  if (!key) return sendOwnPage(reply, nothingHerePage(ui), 404)
  try {
    return await handle(context, key)
  } catch (error) {
    if (!isRefusal(error, 'unknown_key')) throw error
    return reply.redirect(`/keys/${key.id}`, 303)
  }
}

/** The key of a child panel is only looked at: its page says why. */
function unlessOfPanel(handle: (context: OwnContext, key: KeyRow) => Promise<FastifyReply>): typeof handle {
  return async (context, key) => {
    const panel = await panelOfKey(context.orders.db, key.id)
    return panel === undefined ? handle(context, key) : context.reply.redirect(`/keys/${key.id}`, 303)
  }
}

const SHOWN_DAYS = 30

async function showKey(context: OwnContext, key: KeyRow): Promise<FastifyReply> {
  const { reply, ui, orders, caller, query } = context
  const { keyPage } = await import('./key.tsx')
  const { db } = orders
  const now = orders.now()
  const bookId = await bookOfKeys(context, key.test)
  const whole = bookId === undefined || (await addUpForPage(db, bookId))
  const [days, newest] = await Promise.all([readKeyDays(db, [key.id], lastDays(SHOWN_DAYS, now)[0]!), newestOrdersOfKey(db, key.id)])
  const view = {
    key,
    panel: await panelOfKey(db, key.id),
    services: key.serviceIds && namedServices(context, key.serviceIds),
    days,
    shownDays: SHOWN_DAYS,
    orders: newest.map((order) => ({ order, name: namedServices(context, [order.serviceId])[0]!.name })),
    whole,
    currency: caller.currency,
    now,
    done: doneText(context),
    warning: query.get('done') === 'made' ? ui.frame.texts.text('keys.formUsed') : undefined,
  }
  return sendOwnPage(reply, keyPage(ui, view))
}
