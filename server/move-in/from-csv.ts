import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { refuse } from '../refusal.ts'
import { LARGE_PIECES, openFile, type Reading } from './files.ts'
import { type Kind, kinds, type Panel, type Raw, type Told } from './panel.ts'
import { bareName, readCsvRows } from './read-csv.ts'

/** The names of files per kind, and of columns per field. Names are compared without case, spaces and underscores. */
const FILES: Readonly<Record<Kind, readonly string[]>> = {
  suppliers: ['suppliers', 'providers'],
  services: ['services'],
  accounts: ['accounts', 'customers', 'users', 'clients'],
  prices: ['prices', 'customrates', 'ownprices'],
  orders: ['orders'],
}

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  id: ['id', 'orderid', 'serviceid', 'userid', 'clientid', 'supplierid', 'accountid'],
  account: ['account', 'accountid', 'userid', 'customerid', 'clientid', 'uid', 'user', 'username'],
  service: ['service', 'serviceid'],
  supplier: ['supplier', 'supplierid', 'provider', 'providerid'],
  reference: ['reference', 'externalid', 'supplierorder', 'apiorderid', 'providerorderid'],
  theirService: ['theirservice', 'supplierservice', 'apiserviceid', 'providerserviceid'],
  name: ['name', 'title', 'servicename'],
  category: ['category', 'categoryname'],
  type: ['type', 'servicetype'],
  rate: ['rate', 'price', 'customrate'],
  costRate: ['cost', 'costrate', 'originalprice'],
  min: ['min', 'minimum', 'minorder'],
  max: ['max', 'maximum', 'maxorder'],
  dripfeed: ['dripfeed'],
  refill: ['refill'],
  refillDays: ['refilldays'],
  cancel: ['cancel'],
  description: ['description'],
  state: ['state'],
  email: ['email', 'mail', 'emailaddress'],
  balance: ['balance', 'funds'],
  key: ['key', 'apikey'],
  locale: ['language', 'lang', 'locale'],
  url: ['url', 'apiurl', 'address'],
  currency: ['currency', 'currencycode'],
  link: ['link', 'url'],
  quantity: ['quantity', 'amount'],
  charge: ['charge', 'cost', 'price'],
  startCount: ['startcount', 'start'],
  remains: ['remains'],
  status: ['status'],
  comments: ['comments'],
  createdAt: ['created', 'createdat', 'date', 'registered', 'placed'],
  endedAt: ['ended', 'endedat', 'updated', 'changed'],
}

const OF_KIND: Readonly<Record<Kind, readonly string[]>> = {
  suppliers: ['id', 'name', 'url', 'key', 'currency'],
  services: [
    'id', 'name', 'category', 'type', 'rate', 'costRate', 'min', 'max', 'dripfeed', 'refill', 'refillDays', 'cancel', 'description', 'state', 'supplier',
    'theirService',
  ], // prettier-ignore
  accounts: ['id', 'email', 'balance', 'key', 'locale', 'state', 'createdAt'],
  prices: ['account', 'service', 'rate'],
  orders: [
    'id', 'account', 'service', 'supplier', 'reference', 'link', 'quantity', 'charge', 'startCount', 'remains', 'status', 'comments', 'createdAt', 'endedAt',
  ], // prettier-ignore
}

/** A panel as CSV files in a directory, one per kind, whose first lines name the columns. */
export async function panelOfCsv(directory: string, name: string, reading: Reading = LARGE_PIECES): Promise<Panel> {
  const files = new Map((await readdir(directory)).map((file) => [bareName(file.replace(/\.csv(\.gz)?$/i, '')), join(directory, file)]))
  const found = new Map(kinds.flatMap((kind) => FILES[kind].flatMap((as) => (files.has(as) ? [[kind, files.get(as)!] as const] : []))))
  if (found.size === 0) throw refuse('nothing_to_move_in', directory, 'suppliers.csv, services.csv, accounts.csv, prices.csv, orders.csv')
  return { name, linkLimit: null, read: (wanted) => readKinds(found, wanted, reading) }
}

async function* readKinds(
  files: ReadonlyMap<Kind, string>,
  wanted: ReadonlySet<Kind>,
  reading: Reading,
): AsyncGenerator<{ kind: Kind; rows: Raw[] }> {
  for (const kind of kinds) {
    const file = files.get(kind)
    if (file === undefined || !wanted.has(kind)) continue
    for await (const rows of readCsvRows(openFile(file, reading))) yield { kind, rows: rows.map((row) => rawOf(kind, row)) }
  }
}

/** The suppliers of a panel that names them and tells no more, from the text of a CSV file: their ids are their names. */
export async function* suppliersIn(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Told> {
  for await (const rows of readCsvRows(pieces)) {
    yield { kind: 'suppliers', rows: rows.map((row) => rawOf('suppliers', row)).map((raw) => ({ ...raw, id: raw['name'] })) }
  }
}

/** The kind's own id is found before those of others: in a file of orders `user_id` is the account. */
function rawOf(kind: Kind, row: ReadonlyMap<string, string>): Raw {
  const own: Readonly<Record<Kind, string>> = {
    suppliers: 'supplierid',
    services: 'serviceid',
    accounts: 'userid',
    prices: '',
    orders: 'orderid',
  }
  const raw: Record<string, string | undefined> = {}
  for (const field of OF_KIND[kind]) {
    const names =
      field === 'id' ? ['id', own[kind], ...(kind === 'accounts' ? ['accountid', 'clientid', 'customerid'] : [])] : FIELDS[field]!
    raw[field] = names.map((name) => row.get(name)).find((cell) => cell !== undefined && cell !== '')
  }
  if (kind === 'accounts' && row.get('status') !== undefined)
    raw['state'] ??= /^(suspended|banned|inactive|0)$/i.test(row.get('status')!) ? 'suspended' : 'on'
  return raw
}
