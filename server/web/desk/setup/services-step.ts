import { randomUUID } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { serviceImport } from '../../../acts/service-import.ts'
import { serviceSet } from '../../../acts/service-set.ts'
import { pricesOf, supplierImport } from '../../../acts/supplier-import.ts'
import { beginReading } from '../../../fulfilment/price-sync.ts'
import { isRefusal } from '../../../refusal.ts'
import { readSuppliers, type SupplierRow } from '../../../suppliers/registry.ts'
import { type Faults, NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { leadBack, runOnDesk } from '../act-routes.ts'
import { refusalText } from '../act-words.ts'
import type { DeskContext } from '../desk.ts'
import { bodyOf } from '../settings/settings-routes.ts'
import { readProgress } from './progress.ts'
import { sampleServices } from './sample-services.ts'
import { countServices, nextServiceId } from './service-numbers.ts'

const DEFAULT_MARGIN = '20%'
const CUSTOMER = '/desk/setup/customer'

/** A service as it would come. */
export interface Coming {
  readonly theirs: string
  readonly name: string
  readonly category: string
  readonly cost: string
  readonly rate: string
}

/** What a supplier has, and what would come of it. */
export interface Preview {
  readonly categories: readonly { readonly name: string; readonly services: number; readonly chosen: boolean }[]
  readonly coming: readonly Coming[]
  readonly known: number
  readonly skipped: number
}

export async function showServices(context: DeskContext, faults: Faults = NO_FAULTS): Promise<FastifyReply> {
  const { servicesPage } = await import('./services.tsx')
  const { query, db } = context
  const suppliers = await readSuppliers(db)
  const named = suppliers.find(({ name }) => name === query.get('supplier'))
  const supplier = named ?? suppliers.findLast(({ protocol }) => protocol !== 'simulated') ?? suppliers[0]!
  const margin = query.get('margin') ?? DEFAULT_MARGIN
  const looked = faults === NO_FAULTS && supplier.protocol === 'api-v2' ? await lookAt(context, supplier, margin) : {}
  const all = { ...faults, ...looked.faults }
  const view = {
    progress: await readProgress(db),
    onSale: await countServices(db),
    suppliers,
    supplier,
    margin,
    preview: looked.preview,
    faults: all,
  }
  return context.send(servicesPage(context, view), Object.keys(all).length === 0 ? 200 : UNPROCESSABLE)
}

/** Reads the supplier's list and runs the import as a dry run: nothing is written. */
async function lookAt(
  context: DeskContext,
  { name }: SupplierRow,
  margin: string,
): Promise<{ readonly preview?: Preview; readonly faults?: Faults }> {
  const chosen = context.query.getAll('category')
  try {
    const { offers } = await beginReading(pricesOf(context.house), name, { acceptLoss: false, dryRun: true })
    const { result } = await runOnDesk(context, supplierImport, importInput(name, margin, chosen), { dryRun: true })
    const counts = new Map<string, number>()
    for (const { category } of offers.values()) counts.set(category, (counts.get(category) ?? 0) + 1)
    const preview = {
      categories: [...counts].map(([category, services]) => ({ name: category, services, chosen: chosen.includes(category) })),
      coming: result.added.map(({ theirs, cost, rate }) => {
        const offer = offers.get(theirs)
        return { theirs, cost, rate, name: offer?.name ?? '', category: offer?.category ?? '' }
      }),
      known: result.known,
      skipped: result.skipped.length,
    }
    return { preview }
  } catch (error) {
    return { faults: faultsOf(context, error) }
  }
}

function importInput(name: string, margin: string, categories: readonly string[]) {
  return { name, margin, ...(categories.length > 0 && { category: categories }) }
}

/** Puts on sale what the preview has shown. */
export async function takeImport(context: DeskContext): Promise<FastifyReply> {
  const typed = bodyOf(context)
  const categories = (typed['categories'] ?? '').split('\n').filter((category) => category !== '')
  const input = importInput(typed['supplier'] ?? '', typed['margin'] ?? DEFAULT_MARGIN, categories)
  try {
    return leadBack(context, CUSTOMER, await runOnDesk(context, supplierImport, input, { requestKey: typed['form:once'] ?? onceKey() }))
  } catch (error) {
    return showServices(context, faultsOf(context, error))
  }
}

/** Puts a few services on sale that the simulated supplier serves, to look around. */
export async function takeSamples(context: DeskContext): Promise<FastifyReply> {
  const first = await nextServiceId(context.db)
  return putOnSale(
    context,
    sampleServices.map((service, at) => ({ service: first + at, ...service })),
    'simulated',
  )
}

/** Puts one service on sale, for staff who work by hand. */
export async function takeOwnService(context: DeskContext): Promise<FastifyReply> {
  const typed = bodyOf(context)
  const [name, category, rate] = [typed['name'] ?? '', typed['category'] ?? '', (typed['rate'] ?? '').trim()]
  const listed = {
    service: await nextServiceId(context.db),
    name,
    category,
    rate,
    min: typed['min'] ?? '1',
    max: typed['max'] ?? '10000',
    cancel: true,
  }
  return putOnSale(context, [listed], typed['supplier'] ?? '')
}

async function putOnSale(context: DeskContext, services: readonly { readonly service: number }[], supplier: string): Promise<FastifyReply> {
  try {
    const answer = await runOnDesk(context, serviceImport, { services })
    for (const { service } of services) await runOnDesk(context, serviceSet, { service, supplier })
    return leadBack(context, CUSTOMER, answer)
  } catch (error) {
    return showServices(context, faultsOf(context, error))
  }
}

function faultsOf({ ui }: DeskContext, error: unknown): Faults {
  if (!isRefusal(error)) throw error
  return { form: refusalText(ui.frame.texts, error) }
}

export function onceKey(): string {
  return `desk ${randomUUID()}`
}
