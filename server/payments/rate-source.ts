import { type Queryable, type Transaction, transaction } from '../db/pool.ts'
import { closeAlerts, raiseAlert } from '../loops/alerts.ts'
import { pauseAfter } from '../loops/back-off.ts'
import { after } from '../loops/time.ts'
import type { PaymentContext } from './payments.ts'
import { addRates, readRate } from './rates.ts'
import { type RateTable, readRates } from './read-rates.ts'

/** The daily reference rates: about thirty currencies, on working days. */
const ECB = 'https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml'

/** What the source of its rates is called. */
export const ECB_SOURCE = 'European Central Bank'

/** Where rates are fetched from; `none`: nobody is asked, and the operator says them. */
export interface RateSource {
  readonly kind: 'none' | 'url' | 'ecb'
  readonly sealedUrl: Buffer | null
  /** Its beginning, without what may be a key. */
  readonly shownUrl: string | null
  readonly privateNetwork: boolean
  readonly workedAt: Date | null
  readonly fault: string | null
}

const NONE: RateSource = { kind: 'none', sealedUrl: null, shownUrl: null, privateNetwork: false, workedAt: null, fault: null }
const COLUMNS = `
  kind, sealed_url as "sealedUrl", shown_url as "shownUrl", private_network as "privateNetwork", worked_at as "workedAt", fault`

export async function readSource(db: Queryable): Promise<RateSource> {
  return (await db.query<RateSource>({ name: 'rate source', text: `select ${COLUMNS} from rate_sources` })).rows[0] ?? NONE
}

const SAVE = `
  insert into rate_sources (id, kind, sealed_url, shown_url, private_network, due_at) values (1, $1, $2, $3, $4, $5)
  on conflict (id) do update set kind = excluded.kind, sealed_url = excluded.sealed_url, shown_url = excluded.shown_url,
    private_network = excluded.private_network, due_at = excluded.due_at, tries = 0, worked_at = null, fault = null`

/** Says where rates come from. The first are those that it was tried with. */
export async function saveSource(
  tx: Transaction,
  source: Pick<RateSource, 'kind' | 'sealedUrl' | 'shownUrl' | 'privateNetwork'>,
  table: RateTable | null,
  now: Date,
): Promise<void> {
  const due = source.kind === 'none' ? null : after(now, EVERY_SECONDS)
  await tx.query(SAVE, [source.kind, source.sealedUrl, source.shownUrl, source.privateNetwork, due])
  if (table === null) return
  await addRates(tx, table, nameOf(source), now)
  await tx.query(WORKED, [now, due, null])
}

function nameOf({ kind, shownUrl }: Pick<RateSource, 'kind' | 'shownUrl'>): string {
  return kind === 'ecb' ? ECB_SOURCE : (shownUrl ?? kind)
}

const EVERY_SECONDS = 3600
const AFTER_FAILURE = { first: 300, factor: 2, longest: EVERY_SECONDS }
const LARGEST_ANSWER = 500_000

type Asked = Pick<RateSource, 'kind' | 'privateNetwork'> & { readonly url: string | null }

/** Asks a source, saved or not; answers its rates, or what is wrong. Calls nobody for `none`. */
export async function askSource(
  { outgoing, now }: Pick<PaymentContext, 'outgoing' | 'now'>,
  { kind, url, privateNetwork }: Asked,
): Promise<RateTable | { readonly fault: string }> {
  const address = kind === 'ecb' ? ECB : url
  if (address === null) return { fault: 'No source is set' }
  const answer = await outgoing(privateNetwork).call(address, { method: 'GET', bodyLimitBytes: LARGEST_ANSWER })
  if (answer.kind !== 'answered') return { fault: answer.words }
  if (answer.status !== 200) return { fault: `It answered ${answer.status}` }
  return readRates(answer.text, now())
}

const CLAIM = `
  update rate_sources set due_at = $1::timestamptz + interval '5 minutes', tries = tries + 1 where due_at <= $1 and kind <> 'none'
  returning tries, ${COLUMNS}`
const WORKED =
  'update rate_sources set worked_at = coalesce($1, worked_at), due_at = $2, fault = $3, tries = case when $3::text is null then 0 else tries end'

/** Fetches the rates of the source once an hour; one node does. Answers how many sources were asked. */
export async function fetchRates(context: PaymentContext): Promise<number> {
  const { db, now, secret } = context
  const [source] = (await db.query<RateSource & { tries: number }>({ name: 'rate source due', text: CLAIM, values: [now()] })).rows
  if (!source) return 0
  const url = source.sealedUrl === null ? null : secret.open(source.sealedUrl)
  const table = await askSource(context, { ...source, url })
  if ('fault' in table) {
    await db.query(WORKED, [null, after(now(), pauseAfter(source.tries - 1, AFTER_FAILURE)), table.fault])
    return 1
  }
  await transaction(db, async (tx) => {
    const odd = await addRates(tx, table, nameOf(source), now())
    const fault = odd.length === 0 ? null : `Not believed, because they changed by more than half: ${odd.slice(0, 10).join(', ')}`
    await tx.query(WORKED, [now(), after(now(), EVERY_SECONDS), fault])
  })
  return 1
}

const PAIRS = `
  select distinct a.currency as base, m.currency from payment_methods m, accounts a
  where m.is_on and m.currency is not null and a.currency <> m.currency order by 1, 2 limit 100`

/** Tells staff of currencies in which nobody can pay, because their rates are too old; and that it is over. Answers how many there are. */
export async function watchRates({ db, now, rates }: PaymentContext): Promise<number> {
  const { rows } = await db.query<{ base: string; currency: string }>({ name: 'pairs that are paid', text: PAIRS })
  const limit = now().getTime() - rates().mostAgeHours * 3_600_000
  const old: string[] = []
  for (const { base, currency } of rows) {
    const rate = await readRate(db, base, currency)
    if (!rate || rate.at.getTime() < limit) old.push(`${base} → ${currency}`)
  }
  const alert = { kind: 'exchange rates old', supplierId: null, orderId: null } as const
  if (old.length === 0) await closeAlerts(db, alert, now())
  else
    await raiseAlert(
      db,
      {
        ...alert,
        words: `Nobody can begin a payment from ${old.slice(0, 20).join(', ')}: there is no rate, or none of the last ${rates().mostAgeHours} hours`,
      },
      now(),
    )
  return old.length
}
