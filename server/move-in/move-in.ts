import { transaction } from '../db/pool.ts'
import { readOwed } from '../ledger/owed.ts'
import { writeLine } from '../staff/log.ts'
import { plainJson } from '../text.ts'
import { bringAccountsOf } from './bring-accounts.ts'
import { bringBalances } from './bring-balances.ts'
import { bringKeysOf } from './bring-keys.ts'
import { bringEnded, type OpenOrders } from './bring-orders.ts'
import { bringPrices, bringServicesOf } from './bring-services.ts'
import { bringSuppliers } from './bring-suppliers.ts'
import { noteOldPanel } from './claim-key.ts'
import type { Kind, PanelAccount, PanelPrice, PanelService, PanelSupplier } from './panel.ts'
import { LARGE_STEPS, type Moving, readHere, type Steps } from './moving.ts'
import type { OddRow } from './oddities.ts'
import { Findings, type Report, triedSupplier } from './report.ts'
import { shapeAccount, shapePrice, shapeService, shapeSupplier } from './shape.ts'

/**
 * Brings a panel over, or tells what would be brought: suppliers, services, accounts, own prices, ended orders, then each balance with its open orders,
 * and keys last, so that nobody orders before the money is there. Each kind is a transaction, orders and balances are many; whatever was interrupted is
 * run again and goes on where it was.
 */
export async function moveIn(given: Omit<Moving, 'findings' | 'here' | 'steps'> & { readonly steps?: Steps }): Promise<Report> {
  const { steps = LARGE_STEPS } = given
  const moving: Moving = { ...given, steps, findings: new Findings(steps.oddRows), here: await readHere(given.db, given.panel.name) }
  const customersHad = (await readOwed(given.db)).find(({ currency }) => currency === given.currency)?.owed ?? 0n
  const { suppliers, services, accounts, prices } = await readAllButOrders(moving)
  await trySuppliers(moving, suppliers)
  await bringSuppliers(moving, suppliers)
  await bringServicesOf(moving, services)
  await bringAccountsOf(moving, accounts)
  await bringPrices(moving, prices)
  const open: OpenOrders = new Map()
  await bringEnded(moving, open)
  await bringBalances(moving, accounts, open)
  await bringKeysOf(moving, accounts)
  if (moving.panel.api && !moving.dryRun) await noteOldPanel(moving.db, { name: moving.panel.name, ...moving.panel.api }, moving.now)
  const { panel, dryRun, currency, findings } = moving
  const report = findings.report({ panel: panel.name, dryRun, currency, customersHad })
  if (!dryRun) await noteInLog(moving, report)
  return report
}

interface AllButOrders {
  readonly suppliers: PanelSupplier[]
  readonly services: PanelService[]
  readonly accounts: PanelAccount[]
  readonly prices: PanelPrice[]
}

const ALL_BUT_ORDERS: ReadonlySet<Kind> = new Set(['suppliers', 'services', 'accounts', 'prices'])

async function readAllButOrders({ panel, findings, now, onProgress, steps }: Moving): Promise<AllButOrders> {
  const found: AllButOrders = { suppliers: [], services: [], accounts: [], prices: [] }
  const positions = new Map<number, readonly [number, number]>()
  for await (const { kind, rows } of panel.read(ALL_BUT_ORDERS)) {
    for (const raw of rows) {
      if (kind === 'suppliers') found.suppliers.push(...one(shapeSupplier(raw, findings)))
      if (kind === 'accounts') found.accounts.push(...one(shapeAccount(raw, now, findings)))
      if (kind === 'prices') found.prices.push(...one(shapePrice(raw, findings)))
      if (kind === 'services') {
        const service = shapeService(raw, findings)
        if (service) positions.set(service.id, [Number(raw['categoryPosition'] ?? 0) || 0, Number(raw['position'] ?? 0) || 0])
        found.services.push(...one(service))
      }
      if (kind !== 'orders') findings.counts[kind].read += 1
    }
    onProgress(kind, rows.length)
    await steps.between()
  }
  const place = ({ id }: PanelService) => positions.get(id) ?? [0, 0]
  const services = found.services.toSorted((a, b) => place(a)[0] - place(b)[0] || place(a)[1] - place(b)[1] || a.id - b.id)
  return {
    suppliers: onlyOnce(found.suppliers, ({ id }) => id, 'supplier', findings),
    services: onlyOnce(services, ({ id }) => id, 'service', findings),
    accounts: onlyOnce(found.accounts, ({ id }) => id, 'account', findings),
    prices: onlyOnce(found.prices, ({ account, service }) => `${account}/${service}`, 'price', findings),
  }
}

function one<T>(found: T | undefined): T[] {
  return found === undefined ? [] : [found]
}

/** Tables without a key may have a row twice: the first one stands. */
function onlyOnce<T>(all: readonly T[], keyOf: (each: T) => string | number, what: OddRow[0], findings: Findings): T[] {
  const seen = new Map<string | number, T>()
  for (const each of all) {
    if (seen.has(keyOf(each))) findings.odd('id_twice', [what, keyOf(each)])
    else seen.set(keyOf(each), each)
  }
  return [...seen.values()]
}

/** Asked before anything is written, so that a wrong key is known before the switch. */
async function trySuppliers({ trySupplier, findings, steps }: Moving, suppliers: readonly PanelSupplier[]): Promise<void> {
  if (!trySupplier) return
  for (const { name, api } of suppliers) {
    await steps.between()
    findings.suppliers.push(triedSupplier(name, api ? await trySupplier({ name, ...api }) : null))
  }
}

async function noteInLog(moving: Moving, report: Report): Promise<void> {
  const { counts, money, panel } = report
  const { db, actor, now, steps } = moving
  await transaction(db, async (tx) => {
    // First, because the log is locked until the commit.
    await steps.end(tx, report)
    const nothing = { subject: {}, before: null, requestKey: null }
    await writeLine(tx, {
      ...nothing,
      at: now,
      actor,
      act: 'move-in',
      input: plainJson({ panel }),
      after: plainJson(counts),
      result: plainJson(money),
    })
  })
}
