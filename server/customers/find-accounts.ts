import type { Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import { keyPrefix } from './key.ts'

/** The orders in which staff walk through accounts; the first is the usual one. */
export const accountOrders = ['newest', 'balance', 'spent'] as const
export type AccountOrder = (typeof accountOrders)[number]

export const accountStates = ['active', 'suspended'] as const
/** `low`: below the balance at which the customer asked to be told. */
export const balanceStates = ['zero', 'low'] as const

/** Which accounts; null: all. */
export interface AccountFilter {
  /** A number, an e-mail address or the beginnings of some of its words, or the first characters of a key. */
  readonly text: string
  readonly state: (typeof accountStates)[number] | null
  readonly balance: (typeof balanceStates)[number] | null
  /** The number of a group of customers. */
  readonly group: number | null
  /** Spent at least so much, after what was given back. */
  readonly spent: Units | null
}

export const ALL_ACCOUNTS: AccountFilter = { text: '', state: null, balance: null, group: null, spent: null }

/** The account that the next page begins behind: its number, and the amount that the order is by. */
export interface AccountCursor {
  readonly id: number
  readonly amount: Units
}

export interface FoundAccount {
  readonly id: number
  readonly email: string
  readonly currency: string
  readonly wallet: Units
  /** Charged, less what was given back. */
  readonly spent: Units
  readonly discountBasisPoints: number
  readonly suspended: boolean
  readonly createdAt: Date
}

const COLUMNS = `
  select a.id, a.email, a.currency, coalesce(b.wallet, 0)::bigint as wallet, coalesce(b.sales, 0)::bigint as spent,
    a.discount_basis_points as "discountBasisPoints", a.suspended_at is not null as suspended, a.created_at as "createdAt"`

const AMOUNT = { balance: 'b.wallet', spent: 'b.sales' } as const

/** As an array, so that each account is looked up by its number: few have the words. */
const FEW_MATCH = `a.id = any (array(
  select m.id from accounts m where m.words @@ to_tsquery('simple', $WORDS)
  union select u.account_id from users u where u.words @@ to_tsquery('simple', $WORDS)
  union select k.account_id from api_keys k where k.prefix like $PREFIX and not k.of_pages
  union select n.id from accounts n where n.id = $NUMBER::int))`
/** Where all accounts are read anyhow, each is asked whether it has the words. */
const EACH_MATCHES = `(a.words @@ to_tsquery('simple', $WORDS)
  or a.id in (select u.account_id from users u where u.words @@ to_tsquery('simple', $WORDS))
  or a.id in (select k.account_id from api_keys k where k.prefix like $PREFIX and not k.of_pages)
  or a.id = $NUMBER::int)`

/** A page of accounts: the newest, the richest or the ones that spent most first. Balance and spending are those of the books as they stand now, so
 * an account whose balance moves meanwhile may be passed over, or come twice. */
export async function findAccounts(
  db: Queryable,
  filter: AccountFilter,
  page: { readonly order: AccountOrder; readonly after: AccountCursor | null; readonly most: number },
): Promise<FoundAccount[]> {
  const values: unknown[] = []
  const given = (value: unknown) => `$${values.push(value)}`
  const text = page.order === 'newest' ? newestFirst(filter, page, given) : largestFirst(filter, page, AMOUNT[page.order], given)
  return (await db.query<FoundAccount>(text, values)).rows
}

interface Page {
  readonly after: AccountCursor | null
  readonly most: number
}

type Given = (value: unknown) => string

function newestFirst(filter: AccountFilter, { after, most }: Page, given: Given): string {
  const { ofAccounts, ofBooks } = conditionsOf(filter, FEW_MATCH, given)
  const conditions = [...ofAccounts, ...ofBooks]
  if (after) conditions.push(`a.id < ${given(after.id)}`)
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
  return `${COLUMNS} from accounts a left join books b on b.account_id = a.id and not b.play ${where} order by a.id desc limit ${given(most)}`
}

/** Books have no index by their amounts, because every order would pay for it: all of them are read, and where nothing is asked of the accounts, only those
 * of the page are joined. */
function largestFirst(filter: AccountFilter, { after, most }: Page, amount: string, given: Given): string {
  const { ofAccounts, ofBooks } = conditionsOf(filter, EACH_MATCHES, given)
  const conditions = ['not b.play', ...ofBooks]
  if (after) conditions.push(`(${amount}, b.account_id) < (${given(after.amount)}::bigint, ${given(after.id)}::int)`)
  const order = `order by ${amount} desc, b.account_id desc limit ${given(most)}`
  const isOfBooks = ofAccounts.length === 0
  return `${COLUMNS} from (select * from books b where ${conditions.join(' and ')} ${isOfBooks ? order : ''}) b join accounts a on a.id = b.account_id
    ${isOfBooks ? '' : `where ${ofAccounts.join(' and ')}`} ${order}`
}

/** Each combination of filters is a statement of its own, so that each is planned for what it asks. */
function conditionsOf({ text, state, balance, group, spent }: AccountFilter, matches: string, given: Given) {
  const ofAccounts: string[] = []
  const ofBooks: string[] = []
  if (state !== null) ofAccounts.push(`a.suspended_at is ${state === 'suspended' ? 'not null' : 'null'}`)
  if (balance === 'zero') ofBooks.push('b.wallet = 0')
  if (balance === 'low') ofBooks.push('exists (select from balance_alarms l where l.book_id = b.id and b.wallet < l.below)')
  if (group !== null) ofAccounts.push(`a.group_id = ${given(group)}`)
  if (spent !== null) ofBooks.push(`b.sales >= ${given(spent)}`)
  if (text.trim() !== '') ofAccounts.push(withText(matches, text.trim(), given))
  return { ofAccounts, ofBooks }
}

function withText(matches: string, asked: string, given: Given): string {
  const prefix = given(`${keyPrefix(asked).replaceAll(/[\\%_]/g, String.raw`\$&`)}%`)
  const number = given(/^\d{1,9}$/.test(asked) ? Number(asked) : null)
  return matches
    .replaceAll('$WORDS', given(wordsOf(asked)))
    .replace('$PREFIX', prefix)
    .replace('$NUMBER', number)
}

/** Each word by its beginning: "ann@shop" becomes `ann:* & shop:*`. */
function wordsOf(text: string): string {
  const words = text.toLowerCase().split(/[^\p{L}\p{N}]+/u)
  return words.flatMap((word) => (word === '' ? [] : [`${word}:*`])).join(' & ')
}

/** The money of an account: real, and that of its test keys. */
export interface AccountMoney {
  readonly play: boolean
  readonly currency: string
  readonly wallet: Units
  readonly spent: Units
  readonly paidIn: Units
  /** Bonuses and compensations. */
  readonly given: Units
  /** What a reversal could not take from the wallet. */
  readonly owed: Units
}

const MONEY = `
  select play, currency, wallet, sales as spent, -paid_in as "paidIn", -given as given, -owed as owed from books where account_id = $1 order by play`

export async function readMoney(db: Queryable, accountId: number): Promise<AccountMoney[]> {
  return (await db.query<AccountMoney>({ name: 'money of an account', text: MONEY, values: [accountId] })).rows
}

const GROUP_OF = 'select g.id, g.name from accounts a join account_groups g on g.id = a.group_id where a.id = $1'

/** The group of an account; undefined: it has none. */
export async function readGroupOf(db: Queryable, accountId: number): Promise<{ id: number; name: string } | undefined> {
  return (await db.query<{ id: number; name: string }>({ name: 'group of an account', text: GROUP_OF, values: [accountId] })).rows[0]
}
