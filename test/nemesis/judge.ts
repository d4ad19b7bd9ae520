import { unitsText, wasStopped } from './customer.ts'
import { type Account, type Add, accuse, groupBy, type History, type Violation } from './history.ts'
import type { Observed, StoredOrder } from './observe.ts'
import { LYING_SERVICE, WORKED_SERVICE } from './shop.ts'

/** Compares what was told with what is so. Pure: a false history must be seen as such (judge.test.ts). */
export function judge(history: History, observed: Observed): Violation[] {
  const verdict = { violations: [...history.violations] }
  const blame = (kind: string, told: string) => accuse(verdict, kind, told)
  const byId = new Map(observed.orders.map((order) => [order.id, order]))
  const intentions = groupBy(history.adds, (add) => add.link)
  const stored = groupBy(observed.orders, (order) => order.link)
  const accounts = new Map(history.accounts.map((account) => [account.account, account]))

  for (const add of history.adds) {
    if (add.outcome === 'placed') judgeAcknowledged(history, add, accounts.get(add.account)!, byId, blame)
    if (add.outcome === 'hung' && !wasStopped(history, add.sentAt, add.answeredAt)) blame('hung', `${describe(add)} was not answered`)
  }
  for (const [link, attempts] of intentions) judgeIntention(history, attempts, stored.get(link) ?? [], accounts, blame)
  for (const order of observed.orders) {
    if (!intentions.has(order.link)) blame('order that nobody asked for', show(order))
    judgeOrder(order, blame)
  }
  judgeRetryKeys(history, observed, byId, accounts, blame)
  judgeMoney(history.accounts, observed, blame)
  judgeApi(history, observed, byId, accounts, blame)
  for (const fault of observed.auditFaults) blame('audit', fault)
  return verdict.violations
}

type Blame = (kind: string, told: string) => void

function judgeAcknowledged(history: History, add: Add, account: Account, byId: ReadonlyMap<string, StoredOrder>, blame: Blame) {
  if (mayBeForgotten(history, add)) return
  const order = byId.get(add.order!)
  const told = `${describe(add)} was told order ${add.order}`
  if (!order) return blame('acknowledged order does not exist', told)
  const isIt = order.book === account.book && order.link === add.link && order.service === add.service && order.quantity === add.quantity
  if (!isIt) return blame("acknowledged order is another's", `${told}, which is ${show(order)}`)
  if (add.maxCharge !== undefined && order.charge > add.maxCharge) blame('charged above max_charge', `${told}, which is ${show(order)}`)
}

/** What was committed between the backup and its return is legitimately gone, and its id may be another's by now. */
function mayBeForgotten({ setBack }: History, add: Pick<Add, 'sentAt' | 'answeredAt'>): boolean {
  return setBack.some(({ backupFrom, until }) => add.answeredAt > backupFrom && add.sentAt < until)
}

/** All attempts that share a link: one order at most, and the same in every answer. */
function judgeIntention(
  history: History,
  attempts: readonly Add[],
  stored: readonly StoredOrder[],
  accounts: ReadonlyMap<number, Account>,
  blame: Blame,
) {
  const first = attempts[0]!
  const told = attempts.filter((add) => add.outcome === 'placed' && !mayBeForgotten(history, add))
  const ids = new Set(told.map((add) => add.order!))
  if (ids.size > 1) blame('one request, several orders told', `${describe(first)} was told ${[...ids].join(' and ')}`)
  if (stored.length > 1) blame('one request, several orders stored', `${describe(first)} is ${stored.map(show).join(' and ')}`)
  const known = attempts.every((add) => add.outcome === 'refused' || add.outcome === 'not now')
  for (const order of stored) {
    if (known) blame('told that nothing was done, but it was', `${describe(first)}: ${attempts.at(-1)!.said}; there is ${show(order)}`)
    const account = accounts.get(first.account)!
    if (order.book !== account.book || order.service !== first.service || order.quantity !== first.quantity)
      blame('order is not what was asked for', `${describe(first)}: ${show(order)}`)
    if (!possibleCharges(history, attempts).has(order.charge))
      blame('charge by no price of that time', `${describe(first)}: ${show(order)}`)
  }
}

/** A request whose answer was lost may be carried out a little later. */
const LATE_MS = 60_000

function possibleCharges(history: History, attempts: readonly Add[]): Set<bigint> {
  const { service, quantity } = attempts[0]!
  const from = Math.min(...attempts.map((add) => add.sentAt))
  const until = Math.max(...attempts.map((add) => (add.outcome === 'placed' ? add.answeredAt : add.answeredAt + LATE_MS)))
  const valid = history.prices.filter((price) => price.service === service && price.from <= until && price.until >= from)
  return new Set(valid.map((price) => (price.unitsPer1000 * BigInt(quantity)) / 1000n))
}

function judgeOrder(order: StoredOrder, blame: Blame) {
  if (order.chargeLines !== 1 || order.chargedByLines !== order.charge)
    blame('order not charged once', `${show(order)}: ${order.chargeLines} charge lines of ${order.chargedByLines}`)
  if (order.refundedByLines !== order.refunded) blame('refund without its line', `${show(order)}: lines say ${order.refundedByLines}`)
}

function judgeRetryKeys(
  history: History,
  observed: Observed,
  byId: ReadonlyMap<string, StoredOrder>,
  accounts: ReadonlyMap<number, Account>,
  blame: Blame,
) {
  const orderOf = new Map(observed.retryKeys.map(({ book, key, order }) => [`${book} ${key}`, order]))
  for (const { book, key, order } of observed.retryKeys) {
    if (byId.get(order)?.book !== book) blame('retry key without its order', `key "${key}" of book ${book} names order ${order}`)
  }
  for (const add of history.adds) {
    if (add.retryKey === undefined || add.outcome !== 'placed' || mayBeForgotten(history, add)) continue
    const order = orderOf.get(`${accounts.get(add.account)!.book} ${add.retryKey}`)
    if (order !== add.order) blame('retry key names another order', `${describe(add)} was told ${add.order}, its key names ${order}`)
  }
}

function judgeMoney(accounts: readonly Account[], observed: Observed, blame: Blame) {
  const books = new Map(observed.books.map((book) => [book.book, book]))
  const kept = new Map<number, bigint>()
  for (const order of observed.orders) kept.set(order.book, (kept.get(order.book) ?? 0n) + order.charge - order.refunded)
  for (const { account, book: number, paidIn } of accounts) {
    const book = books.get(number)
    if (!book) {
      blame('balance', `account ${account} has no book`)
      continue
    }
    if (book.deposits !== paidIn)
      blame('balance', `account ${account} paid in ${unitsText(paidIn)}, its deposits are ${unitsText(book.deposits)}`)
    const due = paidIn + book.corrections - (kept.get(number) ?? 0n)
    if (book.wallet !== due) blame('balance', `account ${account} has ${unitsText(book.wallet)}, its orders leave ${unitsText(due)}`)
    const told = observed.balances.get(account)
    if (told !== undefined && told !== unitsText(book.wallet) && told !== unitsText(observed.walletsBefore.get(number) ?? -1n))
      blame('balance', `account ${account} was told ${told}, it has ${unitsText(book.wallet)}`)
  }
}

/** What the API says of each acknowledged order, to its owner and to others. */
function judgeApi(
  history: History,
  observed: Observed,
  byId: ReadonlyMap<string, StoredOrder>,
  accounts: ReadonlyMap<number, Account>,
  blame: Blame,
) {
  for (const add of history.adds) {
    if (add.outcome !== 'placed' || mayBeForgotten(history, add)) continue
    const status = observed.statuses.get(`${add.account} ${add.order}`)
    if (!status) {
      if (observed.statuses.size > 0) blame('status', `${describe(add)} was told ${add.order}, which nobody could ask for`)
      continue
    }
    const order = byId.get(add.order!)
    const isWorked = add.service === WORKED_SERVICE || add.service === LYING_SERVICE
    const chargeIsTrue = isWorked || !order || status['charge'] === unitsText(order.charge - order.refunded)
    const isMine = order === undefined || order.book === accounts.get(add.account)!.book
    if (
      status['error'] !== undefined ||
      status['link'] !== add.link ||
      status['quantity'] !== String(add.quantity) ||
      (isMine && !chargeIsTrue)
    )
      blame('status', `${describe(add)} was told ${add.order}, and its status is ${JSON.stringify(status)}`)
  }
  for (const id of observed.shownToOthers) blame('foreign order shown', `order ${id}`)
}

function describe(add: Add): string {
  const key = add.retryKey === undefined ? '' : `, ${add.retryKey}`
  return `add of account ${add.account} on node ${add.node} at ${Math.round(add.sentAt)} ms (service ${add.service}, ${add.quantity}, ${add.link}${key})`
}

function show(order: StoredOrder): string {
  return `order ${order.id} of book ${order.book}, service ${order.service}, ${order.quantity}, ${order.link}, charge ${unitsText(order.charge)}`
}
