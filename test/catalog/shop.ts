import { afterAll, beforeAll } from 'vitest'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { setService } from '../../server/catalog/import.ts'
import type { House } from '../../server/acts/house.ts'
import { supplierImport } from '../../server/acts/supplier-import.ts'
import { supplierSync } from '../../server/acts/supplier-sync.ts'
import type { ImportByHand, Selection, SyncDependencies } from '../../server/fulfilment/price-sync.ts'
import type { ImportResult } from '../../server/catalog/sync-import.ts'
import type { SyncResult } from '../../server/catalog/sync.ts'
import { handOff as handOffTo } from '../../server/fulfilment/hand-off.ts'
import { openSecret } from '../../server/secret.ts'
import { openPriceSources, openSuppliers, type PriceSources } from '../../server/suppliers/open.ts'
import { addSupplier, readSuppliers } from '../../server/suppliers/registry.ts'
import { houseOf, run } from '../support/acts.ts'
import type { Docket } from '../support/docket.ts'
import { type FakeSupplier, openFakeSupplier } from '../support/fake-supplier.ts'

type Listed = Record<string, unknown>

/** A service as panels list it. */
export function listed(service: number | string, change: Listed = {}): Listed {
  return {
    service,
    name: `Their service ${service}`,
    type: 'Default',
    category: 'Followers',
    rate: '1.00',
    min: '10',
    max: '1000',
    dripfeed: false,
    refill: true,
    cancel: false,
    ...change,
  }
}

interface ByHand {
  readonly acceptLoss?: boolean
  readonly dryRun?: boolean
}
type ImportAsked = Partial<ImportByHand> & ByHand

export interface Panel {
  readonly id: number
  readonly name: string
  readonly fake: FakeSupplier
  /** Its list from now on. */
  lists(...services: Listed[]): void
  sync(options?: ByHand): Promise<SyncResult>
  import(options?: ImportAsked, selection?: Selection): Promise<ImportResult>
}

function houseFor({ db, now, openPrices }: SyncDependencies): House {
  return houseOf(db, now, { priceSource: async (row) => openPrices(row) })
}

/** Reads the list of a supplier by hand. */
export async function syncWith(deps: SyncDependencies, name: string, { acceptLoss, dryRun = false }: ByHand = {}): Promise<SyncResult> {
  const { dry_run: _, ...result } = await run(houseFor(deps), supplierSync, { name, accept_loss: acceptLoss }, { dryRun })
  return result
}

/** Suppliers on real ports, and what Docket makes of their lists. */
export function openShop(docket: Docket) {
  const secret = openSecret({ secret: 'a secret of this test, long enough', dataDirectory: '/nowhere' })
  const fakes: FakeSupplier[] = []
  let sources: PriceSources
  let panels = 0
  beforeAll(async () => {
    sources = openPriceSources(await secret)
  })
  afterAll(async () => {
    await sources.close()
    for (const fake of fakes) await fake.close()
  })

  const deps = (): Omit<SyncDependencies, 'openPrices'> & { openPrices: PriceSources['open'] } => ({
    db: docket.db,
    now: docket.clock.now,
    openPrices: sources.open,
  })

  async function panel(currency: string | null = 'USD'): Promise<Panel> {
    const fake = await openFakeSupplier()
    fakes.push(fake)
    panels += 1
    const name = `panel ${panels}`
    const supplier = { name, protocol: 'api-v2', url: fake.url, key: fake.key, privateNetwork: true, keepsRetryKeys: false } as const
    const id = await addSupplier(docket.db, supplier, await secret)
    fake.answer('balance', { balance: '100.00', ...(currency === null ? {} : { currency }) })
    return {
      id,
      name,
      fake,
      lists: (...services) => fake.answer('services', services),
      sync: (options) => syncWith(deps(), name, options),
      async import({ margin = TWENTY, dryRun = false, ...options } = {}, { only, categories } = {}) {
        const input = {
          name,
          margin: margin.percent,
          add: margin.add,
          round: margin.step,
          only,
          category: categories,
          when_cost_passes: options.whenCostPasses,
          keep_ids: options.keepIds,
          reprice: options.reprice,
          reprice_by_hand: options.repriceByHand,
          accept_loss: options.acceptLoss,
        }
        const { dry_run: _, ...result } = await run(houseFor(deps()), supplierImport, input, { dryRun })
        return result
      },
    }
  }

  /** A panel with these services, all on sale here: the service of ours for each, in their order. */
  async function panelOnSale(services: Listed[], options: ImportAsked = {}) {
    const opened = await panel()
    opened.lists(...services)
    const { added } = await opened.import(options)
    return { ...opened, ours: added.map(({ service }) => service) }
  }

  const set = (service: number, change: Parameters<typeof setService>[2]) =>
    changeCatalogue(docket.db, (tx) => setService(tx, service, change))

  async function read(service: number): Promise<any> {
    const { rows } = await docket.db.query(
      `select s.rate, s.min::int, s.max::int, s.dripfeed, s.refill, s.cancel, s.state, s.sync_pause as pause, s.name, s.type, s.category,
        b.cost_rate as cost, b.their_service as theirs, b.gone_at is not null as gone
       from services s left join service_suppliers b on b.service_id = s.id and b.position = 1 where s.id = $1`,
      [service],
    )
    return rows[0]
  }

  /** Waits until the node sells a service: it hears of a change a moment after the commit. */
  async function onSaleAtTheNode(key: string, service: number): Promise<void> {
    const quote = () => docket.call({ key, action: 'quote', service, link: 'https://example.com/x', quantity: 100 })
    while (['Incorrect service ID', 'Service is disabled'].includes((await quote()).error))
      await docket.db.query(`select pg_notify('docket_catalogue', '')`)
  }

  /** Hands over what waits for a panel. */
  async function handOff(panel: Panel): Promise<void> {
    const suppliers = await openSuppliers({ db: docket.db, now: docket.clock.now, secret: await secret, simulatedSpeed: 1 })
    const row = (await readSuppliers(docket.db)).find(({ id }) => id === panel.id)!
    await handOffTo({ db: docket.db, now: docket.clock.now, supplierId: panel.id, supplier: suppliers.open(row)! })
    await suppliers.close()
  }

  async function alerts(supplier: { id: number }): Promise<string[]> {
    const { rows } = await docket.db.query<{ kind: string; words: string }>(
      'select kind, words from alerts where supplier_id = $1 and closed_at is null order by kind',
      [supplier.id],
    )
    return rows.map(({ kind, words }) => `${kind}: ${words}`)
  }

  return { deps, panel, panelOnSale, set, read, onSaleAtTheNode, handOff, alerts }
}

const TWENTY = { percent: '20%', add: '0', step: '0.01' }
