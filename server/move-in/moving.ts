import type { Database, Queryable, Transaction } from '../db/pool.ts'
import type { OurAccount } from '../fulfilment/try-supplier.ts'
import type { Units } from '../ledger/money.ts'
import type { Seller } from '../payments/payments.ts'
import type { Secret } from '../secret.ts'
import type { StaffActor } from '../staff/actor.ts'
import type { Panel } from './panel.ts'
import type { Findings, Report, Reported } from './report.ts'

/** A moving that is under way, or its dry run. */
export interface Moving {
  readonly db: Database
  readonly panel: Panel
  readonly now: Date
  readonly currency: string
  readonly dryRun: boolean
  readonly secret: Secret
  /** Hashes a key that the other panel has given out. */
  readonly hashKey: (key: string) => Buffer
  readonly actor: StaffActor
  readonly seller: Seller
  /** Suppliers may be inside the operator's own network. */
  readonly privateNetwork: boolean
  /** Asks each supplier for our balance there; null: nobody asks. */
  readonly trySupplier: ((supplier: { name: string; url: string; key: string }) => Promise<OurAccount>) | null
  readonly onProgress: (what: string, rows: number) => void
  readonly steps: Steps
  readonly findings: Findings
  readonly here: Here
}

/** How a moving goes, step by step. */
export interface Steps {
  /** So many orders are read and written at once: few where a server has other work to do between them. */
  readonly ordersAtOnce: number
  /** So many rows of each oddity are told. */
  readonly oddRows: number
  /** Called within each transaction that brings something, as its last work before the commit. */
  readonly note: (tx: Transaction, brought: Brought) => Promise<void>
  /** Called in the transaction that ends a moving which was no dry run. */
  readonly end: (tx: Transaction, report: Report) => Promise<void>
  /** Called between two steps. It throws where the moving has to end; what came so far stays. */
  readonly between: () => Promise<void>
}

/** What one transaction brings. */
export interface Brought extends Partial<Readonly<Record<Reported, number>>> {
  readonly money?: { readonly deposits: Units; readonly charges: Units; readonly owed: Units }
}

/** For a process that has nothing else to do. */
export const LARGE_STEPS: Steps = { ordersAtOnce: 5000, oddRows: 20, note: async () => {}, end: async () => {}, between: async () => {} }

/** What of the panel is here, by its own ids; what a dry run would bring counts as here. */
export interface Here {
  readonly suppliers: Map<string, number>
  /** Those of them that can be asked: they have an address and a key. */
  readonly asked: Set<string>
  readonly services: Set<number>
  readonly accounts: Set<number>
  /** Accounts whose balance has been brought over. */
  readonly balances: Set<number>
  readonly keys: Set<number>
}

type MovedKind = 'supplier' | 'service' | 'account' | 'balance' | 'key'

const MOVED = 'select kind, their_id as "theirId", our_id as "ourId" from moved_in where panel = $1'

export async function readHere(db: Queryable, panel: string): Promise<Here> {
  const { rows } = await db.query<{ kind: MovedKind; theirId: string; ourId: bigint }>(MOVED, [panel])
  const of = (kind: MovedKind) => rows.filter((row) => row.kind === kind)
  const numbers = (kind: MovedKind) => new Set(of(kind).map(({ theirId }) => Number(theirId)))
  return {
    suppliers: new Map(of('supplier').map(({ theirId, ourId }) => [theirId, Number(ourId)])),
    asked: new Set(),
    services: numbers('service'),
    accounts: numbers('account'),
    balances: numbers('balance'),
    keys: numbers('key'),
  }
}

const NOTE = `
  insert into moved_in (panel, kind, their_id, our_id, at)
  select $1, $2, t.theirs, t.ours, $5 from unnest($3::text[], $4::bigint[]) as t(theirs, ours) order by t.theirs`

/** Notes in their transaction what has been brought. */
export async function noteMoved(
  tx: Queryable,
  { panel, now }: Pick<Moving, 'panel' | 'now'>,
  kind: MovedKind,
  pairs: readonly (readonly [theirs: string | number, ours: number])[],
): Promise<void> {
  const values = [panel.name, kind, pairs.map(([theirs]) => String(theirs)), pairs.map(([, ours]) => ours), now]
  await tx.query({ name: 'note moved', text: NOTE, values })
}

/** The name of a thing of the panel in the books. */
export function referenceOf({ panel }: Pick<Moving, 'panel'>, id: number | bigint): string {
  return `move-in:${panel.name}:${id}`
}
