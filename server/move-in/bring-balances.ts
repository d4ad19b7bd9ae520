import { type Transaction, transaction } from '../db/pool.ts'
import { bringForStaff, bringHandOffs } from '../fulfilment/bring-hand-offs.ts'
import type { Units } from '../ledger/money.ts'
import { openBook, post } from '../ledger/post.ts'
import { bringOpenOrders, keepOrderIdsAhead } from '../orders/bring-orders.ts'
import { fund } from '../payments/fund.ts'
import { broughtOf, type OpenOrders } from './bring-orders.ts'
import { BY_STAFF } from './bring-suppliers.ts'
import { type Brought, type Moving, noteMoved, referenceOf } from './moving.ts'
import type { PanelAccount, PanelOrder } from './panel.ts'

const ACCOUNTS_AT_ONCE = 100
const NOTE = 'brought over'

/**
 * Brings the balance of each account together with its open orders, so that an account has both or nothing: one deposit of the balance and the charges of
 * its open orders, then their charges, which leaves the balance of the panel and something that refunds of those orders can come from.
 */
export async function bringBalances(moving: Moving, accounts: readonly PanelAccount[], open: OpenOrders): Promise<void> {
  const { db, here, findings, dryRun, onProgress, steps } = moving
  tellLate(moving, open)
  const wanted = accounts.filter(({ id }) => here.accounts.has(id) && !here.balances.has(id))
  for (let at = 0; at < wanted.length; at += ACCOUNTS_AT_ONCE) {
    const some = wanted.slice(at, at + ACCOUNTS_AT_ONCE)
    const money = sumOfMoney(some, open)
    const orders = some.reduce((sum, { id }) => sum + (open.get(id)?.length ?? 0), 0)
    if (!dryRun) {
      await transaction(db, async (tx) => {
        for (const account of some) await bringBalance(tx, moving, account, open.get(account.id) ?? [])
        await noteMoved(tx, moving, 'balance', some.map(({ id }) => [id, id])) // prettier-ignore
        await keepOrderIdsAhead(tx)
        await steps.note(tx, { 'open orders': orders, money })
      })
    }
    findings.counts['open orders'].brought += orders
    findings.money.deposits += money.deposits
    findings.money.charges += money.charges
    findings.money.owed += money.owed
    for (const { id } of some) here.balances.add(id)
    onProgress('balances', some.length)
    await steps.between()
  }
}

function sumOfMoney(accounts: readonly PanelAccount[], open: OpenOrders): NonNullable<Brought['money']> {
  const sum = { deposits: 0n, charges: 0n, owed: 0n }
  for (const { id, balance } of accounts) {
    const charges = sumOf(open.get(id) ?? [])
    sum.deposits += charges + above(balance)
    sum.charges += charges
    sum.owed += above(-balance)
  }
  return sum
}

/** Open orders of an account whose balance came in an earlier run: nobody knows whether that balance had paid for them. */
function tellLate({ here, findings }: Moving, open: OpenOrders): void {
  for (const [account, orders] of open) {
    if (!here.balances.has(account)) continue
    for (const { id } of orders) findings.odd('order_too_late', ['order', id], `account ${account}`)
    findings.counts['open orders'].leftOut += orders.length
  }
}

async function bringBalance(tx: Transaction, moving: Moving, { id, balance }: PanelAccount, orders: readonly PanelOrder[]): Promise<void> {
  const { currency, now, actor, seller, panel } = moving
  const deposit = above(balance) + sumOf(orders)
  const reference = referenceOf(moving, id)
  if (deposit > 0n) await fund(tx, id, { amount: deposit, note: NOTE, reference, by: actor.who, seller, isOpening: true }, now)
  if (orders.length > 0) {
    const brought = orders.map((order) => ({ ...broughtOf(moving, order), sent: true }))
    await bringOpenOrders(tx, id, panel.name, brought, now)
    await handOver(tx, moving, orders)
  }
  if (balance >= 0n) return
  const bookId = await openBook(tx, { id, currency }, false)
  await post(tx, { bookId, cause: 'reversal', amount: balance, note: NOTE, reference: `${reference}:owed`, at: now })
}

/** Suppliers are asked for the orders that they have; staff decide about the others. */
async function handOver(tx: Transaction, { here, panel, now }: Moving, orders: readonly PanelOrder[]): Promise<void> {
  const byStaff = here.suppliers.get(BY_STAFF)!
  const standing = orders.map((order) => {
    const supplierId = order.supplier === null ? undefined : here.suppliers.get(order.supplier)
    const isAsked = order.supplier !== null && here.asked.has(order.supplier) && order.reference !== null
    const words = order.attention ?? (!isAsked ? `It came from ${panel.name} without a supplier that can be asked` : null)
    return { orderId: order.id, supplierId: supplierId ?? byStaff, reference: order.reference, words }
  })
  const followed = standing.flatMap(({ reference, words, ...rest }) => (words === null ? [{ ...rest, reference: reference! }] : []))
  await bringHandOffs(tx, followed, { ended: false, panel: panel.name, now })
  await bringForStaff(tx, standing.flatMap(({ words, ...rest }) => (words === null ? [] : [{ ...rest, words }])), now) // prettier-ignore
}

function sumOf(orders: readonly PanelOrder[]): Units {
  return orders.reduce((sum, { charge }) => sum + charge, 0n)
}

function above(amount: Units): Units {
  return amount > 0n ? amount : 0n
}
