import type { FastifyInstance, FastifyReply } from 'fastify'
import { serviceTypeByName } from '../../../../contract/service-types.ts'
import type { Service } from '../../../catalog/catalogue.ts'
import { actorOf } from '../../../customers/account-context.ts'
import { renewFirstTestKey } from '../../../customers/first-test-key.ts'
import { priceOrRefuse } from '../../../ordering/price-order.ts'
import { readFirstSteps } from '../../../orders/first-steps.ts'
import { listOffered } from '../../../payments/offers.ts'
import { isRefusal } from '../../../refusal.ts'
import type { Web } from '../../web.ts'
import { codeLanguageNamed } from '../../ui/samples.ts'
import { onOwn, type OwnContext } from '../own-context.ts'
import { sendOwnPage } from '../../send.ts'
import { offered } from '../services/services-routes.ts'
import type { FirstOrder } from './start.tsx'

/** Routes the first steps, from an empty account to orders by program. */
export function routeStart(pages: FastifyInstance, web: Web) {
  pages.get(
    '/start',
    onOwn(web, (context) => draw(context, { fundsNote: web.settings.fundsNote })),
  )
  // A test key spends only test money, so no proof is needed.
  pages.post(
    '/start/test-key',
    onOwn(web, async (context) => draw(context, { fundsNote: web.settings.fundsNote, madeKey: await makeKey(context) })),
  )
}

function makeKey({ orders, session, visit }: OwnContext): Promise<string> {
  return renewFirstTestKey(orders.db, session.accountId, orders.now(), actorOf(visit, session.userId))
}

async function draw(
  context: OwnContext,
  { fundsNote, madeKey }: { fundsNote: string | undefined; madeKey?: string },
): Promise<FastifyReply> {
  const { request, reply, ui, session, orders } = context
  const { startPage } = await import('./start.tsx')
  const [steps, order, methods] = await Promise.all([
    readFirstSteps(orders.db, session.accountId),
    firstOrder(context),
    listOffered(orders.db, session.currency),
  ])
  const chosen = codeLanguageNamed(request.cookies['code'])
  const address = `${ui.frame.visitor.origin}/api/v2`
  return sendOwnPage(reply, startPage(ui, { steps, order, chosen, address, canPay: methods.length > 0, fundsNote, madeKey }))
}

const MOST_TRIED = 100
const LINK = 'https://example.com/post/1'

/** The smallest order that can be placed now, if possible of the plain type `Default`; undefined if there is none. */
async function firstOrder(context: OwnContext): Promise<FirstOrder | undefined> {
  const { orders, caller } = context
  const catalogue = await orders.catalogue.newest()
  const onSale = [...catalogue.services.values()].filter((service) => service.state === 'on sale')
  const plainFirst = onSale.toSorted((a, b) => Number(b.type === 'Default') - Number(a.type === 'Default'))
  for (const service of plainFirst.slice(0, MOST_TRIED)) {
    const parameters = leastOf(service)
    const priced = priceOrRefuse(orders, { caller, parameters }, catalogue, null)
    if (isRefusal(priced)) continue
    return { parameters: Object.entries(parameters), name: offered(context, service).name, quantity: priced.quantity }
  }
  return undefined
}

function leastOf({ id, type, min }: Service): Record<string, string> {
  const { fields, example } = serviceTypeByName.get(type)!
  const least = String(min > 0n ? min : 1n)
  const own: Readonly<Record<string, string>> = { link: LINK, quantity: least, min: least, max: least }
  const needed = fields.filter(({ name }) => name !== 'runs' && name !== 'interval' && example[name] !== undefined)
  return { service: String(id), ...Object.fromEntries(needed.map(({ name }) => [name, own[name] ?? example[name]!])) }
}
