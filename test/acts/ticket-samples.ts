import { openByCustomer } from '../../server/support/open-ticket.ts'
import { askToSpeedUp } from '../../server/support/speed-up.ts'
import { transaction } from '../../server/db/pool.ts'
import type { Docket } from '../support/docket.ts'
import { placed } from '../support/order-life.ts'
import { onSale } from '../support/on-sale.ts'
import { usualFor } from '../support/tickets.ts'

interface World {
  readonly docket: Docket
  readonly done: (name: string, input: object) => Promise<any>
}

let forms = 0

/** A ticket that a customer has opened. */
async function newTicket({ docket }: World, account?: number): Promise<number> {
  const accountId = account ?? (await docket.account()).account
  const asked = {
    accountId,
    kind: 'other',
    subject: 'Hello',
    orders: [],
    locale: 'en',
    who: 'c@example.com',
    text: 'Where is it?',
    pictures: [],
  } as const
  forms += 1
  return Number(await transaction(docket.db, (tx) => openByCustomer(tx, { ...asked, form: `sample ${forms}` }, docket.clock.now())))
}

async function newReply({ done }: World): Promise<number> {
  forms += 1
  return (await done('saved-reply add', { name: `Reply ${forms}`, text: 'Hello {customer}' })).reply
}

/** An order that its customer asked to hurry. */
async function hurried({ docket }: World): Promise<number> {
  const { key } = await docket.account()
  const order = await placed(docket, key, { service: await lateService(docket), quantity: 10 })
  docket.clock.forward({ hours: 2 })
  const { rows } = await docket.db.query<{ book: number }>('select book_id as book from orders where id = $1', [order])
  await transaction(docket.db, (tx) => askToSpeedUp(tx, rows[0]!.book, [BigInt(order)], docket.clock.now()))
  return order
}

async function lateService(docket: Docket): Promise<number> {
  const service = await onSale(docket)
  await usualFor(docket, service)
  return service
}

/** For each act on tickets, something that it can be asked to do, and that changes something. */
export const ticketSamples: Readonly<Record<string, (world: World) => Promise<object>>> = {
  'ticket open': async ({ docket }) => ({ account: (await docket.account()).account, text: 'We have looked.', subject: 'Your order' }),
  'ticket reply': async (world) => ({ ticket: await newTicket(world), text: 'It is done.', saved: await newReply(world), close: true }),
  'ticket note': async (world) => ({ ticket: await newTicket(world), note: 'Pays late.' }),
  async 'ticket assign'(world) {
    forms += 1
    const staff = await world.done('staff add', { email: `ticketstaff${forms}@example.com`, name: 'Ana', role: 'support' })
    return { ticket: await newTicket(world), staff: staff.staff }
  },
  'ticket set': async (world) => ({ ticket: await newTicket(world), priority: 'high', kind: 'money' }),
  'ticket close': async (world) => ({ ticket: await newTicket(world) }),
  async 'ticket reopen'(world) {
    const ticket = await newTicket(world)
    await world.done('ticket close', { ticket })
    return { ticket }
  },
  async 'ticket merge'(world) {
    const { account } = await world.docket.account()
    return { ticket: await newTicket(world, account), into: await newTicket(world, account) }
  },
  async 'ticket part'(world) {
    const { account } = await world.docket.account()
    const ticket = await newTicket(world, account)
    await world.done('ticket merge', { ticket, into: await newTicket(world, account) })
    return { ticket }
  },
  'saved-reply add': async () => ({ name: `Saved ${(forms += 1)}`, text: 'Order {order} is {status}.', language: 'sl' }),
  'saved-reply set': async (world) => ({ reply: await newReply(world), text: 'Good day' }),
  'saved-reply remove': async (world) => ({ reply: await newReply(world) }),
  'speed-up answer': async (world) => ({ order: await hurried(world), words: 'They have it in hand.' }),
}
