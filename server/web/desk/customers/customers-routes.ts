import { accountViewAs } from '../../../acts/account-view-as.ts'
import { findAccount } from '../../../customers/accounts.ts'
import { findAccounts } from '../../../customers/find-accounts.ts'
import { listGroups } from '../../../customers/groups.ts'
import { isRefusal, refuse } from '../../../refusal.ts'
import { faultsOfRefusal } from '../act-words.ts'
import { runOnDesk } from '../act-routes.ts'
import type { Desk, DeskContext } from '../desk.ts'
import { NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { askedIn, cursorIn, MOST, PAGE } from './asked.ts'
import { readCustomer } from './read-customer.ts'

/** Routes the customers: all of them, one of them, and that one's pages as they see them. */
export function routeCustomers(desk: Desk) {
  desk.page(PAGE, 'accounts.read', showAll)
  desk.page(`${PAGE}/:id`, 'accounts.read', showOne)
  desk.page(`${PAGE}/:id/view`, 'accounts.read', async (context) => askWhy(context, { reason: '', faults: NO_FAULTS }))
  desk.form(`${PAGE}/:id/view`, 'accounts.read', beginViewing)
}

/** Further groups are found by the page of groups. */
const MOST_GROUPS = 200

async function showAll(context: DeskContext) {
  const { customersPage } = await import('./customers.tsx')
  const { asked, filter, faults } = askedIn(context)
  const after = cursorIn(context.query)
  const [found, groups] = await Promise.all([
    findAccounts(context.db, filter, { order: asked.order, after, most: MOST + 1 }),
    listGroups(context.db, 0, MOST_GROUPS),
  ])
  const rows = found.slice(0, MOST)
  return context.send(customersPage(context, { asked, faults, groups, rows, hasMore: found.length > MOST, isFirst: after === null }))
}

async function showOne(context: DeskContext) {
  const { customerPage } = await import('./customer.tsx')
  return context.send(customerPage(context, await readCustomer(context, numberOf(context))))
}

function numberOf({ params }: DeskContext): number {
  const id = Number(params['id'])
  if (!Number.isInteger(id) || id < 1 || id > 2_147_483_647) throw refuse('unknown_account', 0)
  return id
}

async function askWhy(context: DeskContext, given: { reason: string; faults: Readonly<Record<string, string>> }, status = 200) {
  const { viewAsPage } = await import('./view-as.tsx')
  return context.send(viewAsPage(context, { account: await findAccount(context.db, numberOf(context)), ...given }), status)
}

/** Begins a view in this browser, by the same link that the act answers to programs. */
async function beginViewing(context: DeskContext) {
  const reason = (context.request.body as Readonly<Record<string, string | undefined>>)['reason'] ?? ''
  try {
    const { result } = await runOnDesk(context, accountViewAs, { account: numberOf(context), reason })
    return await context.reply.redirect(new URL(result.link).pathname, 303)
  } catch (error) {
    if (!isRefusal(error) || !error.isAnswer) throw error
    return askWhy(context, { reason, faults: faultsOfRefusal(context.ui.frame.texts, error) }, UNPROCESSABLE)
  }
}
