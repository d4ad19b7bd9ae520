import { describe, expect, test } from 'vitest'
import { ticketAssign } from '../../server/acts/ticket-assign.ts'
import { ticketClose, ticketReopen } from '../../server/acts/ticket-close.ts'
import { ticketMerge, ticketPart } from '../../server/acts/ticket-merge.ts'
import { ticketNote } from '../../server/acts/ticket-note.ts'
import { ticketReply } from '../../server/acts/ticket-reply.ts'
import { ticketSet } from '../../server/acts/ticket-set.ts'
import { staffEnd } from '../../server/acts/staff-end.ts'
import { staffAdd } from '../../server/acts/staff-add.ts'
import { transaction } from '../../server/db/pool.ts'
import { filled } from '../../server/support/saved-replies.ts'
import { noteSeen } from '../../server/support/change-ticket.ts'
import { readMessages } from '../../server/support/messages.ts'
import { mailTickets } from '../../server/support/mails.ts'
import { readPasted } from '../../server/support/own-orders.ts'
import { sweepTickets } from '../../server/support/sweep.ts'
import { findTicket, listTickets, listTicketsById, listTicketsOf, ordersOfTicket, ticketsOfOrder } from '../../server/support/tickets.ts'
import { plainWords } from '../../server/support/words.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed } from '../support/order-life.ts'
import { testSecret } from '../support/people.ts'
import { opened, replied } from '../support/tickets.ts'

const docket = openDocket()
const house = () => houseOf(docket.db, docket.clock.now)
const customer = async () => (await docket.account()).account
const ticketOf = async (id: bigint) => (await findTicket(docket.db, id))!
const whole = { withNotes: true, before: null, most: 100 } as const
const said = async (id: bigint, withNotes = true) =>
  (await readMessages(docket.db, id, { ...whole, withNotes })).map(({ side, text }) => `${side}: ${text}`)
const waiting = async () =>
  (await listTickets(docket.db, { state: 'waiting', kind: null, assignee: null }, { behind: null, most: 100 })).map(({ id }) => id)
let people = 0
const staffMember = async () => {
  people += 1
  return (await run(house(), staffAdd, { email: `s${people}@example.com`, name: `S${people}`, role: people === 1 ? 'owner' : 'support' }))
    .staff
}

describe('a ticket', () => {
  test('waits for staff when its customer writes, and for the customer when staff do; whoever writes again waits since the first time', async () => {
    const account = await customer()
    const id = await opened(docket, account)
    const since = docket.clock.now()
    expect(await ticketOf(id)).toMatchObject({ state: 'waiting', waitingSince: since, priority: 'usual', assignee: null })
    docket.clock.forward({ hours: 1 })
    await replied(docket, account, id, 'Still waiting')
    expect(await ticketOf(id)).toMatchObject({ state: 'waiting', waitingSince: since })
    await run(house(), ticketReply, { ticket: Number(id), text: 'It is done.' })
    expect(await ticketOf(id)).toMatchObject({ state: 'answered', waitingSince: null })
    await replied(docket, account, id, 'Thank you')
    expect(await ticketOf(id)).toMatchObject({ state: 'waiting', waitingSince: docket.clock.now() })
    expect(await said(id)).toEqual(['customer: Where is it?', 'customer: Still waiting', 'staff: It is done.', 'customer: Thank you'])
  })

  test('keeps notes from its customer, who waits on', async () => {
    const id = await opened(docket, await customer())
    await run(house(), ticketNote, { ticket: Number(id), note: 'Pays late' })
    expect(await said(id)).toEqual(['customer: Where is it?', 'note: Pays late'])
    expect(await said(id, false)).toEqual(['customer: Where is it?'])
    expect(await ticketOf(id)).toMatchObject({ state: 'waiting' })
  })

  test('is closed with an answer or without one, and open again when its customer writes', async () => {
    const account = await customer()
    const id = await opened(docket, account)
    await run(house(), ticketReply, { ticket: Number(id), text: 'Done', close: true })
    expect(await ticketOf(id)).toMatchObject({ state: 'closed', closedAt: docket.clock.now() })
    await replied(docket, account, id, 'Not yet')
    expect(await ticketOf(id)).toMatchObject({ state: 'waiting', closedAt: null })
    await run(house(), ticketClose, { ticket: Number(id) })
    await run(house(), ticketReopen, { ticket: Number(id) })
    expect((await said(id)).slice(1)).toEqual(['staff: Done', 'event: closed', 'customer: Not yet', 'event: closed', 'event: reopened'])
  })

  test('is opened once by one form, and takes one message of one form', async () => {
    const account = await customer()
    const [one, other] = await Promise.all([opened(docket, account, { form: 'f1' }), opened(docket, account, { form: 'f1' })])
    expect(one).toBe(other)
    await Promise.all([replied(docket, account, one, 'Again', 'm1'), replied(docket, account, one, 'Again', 'm1')])
    expect(await said(one)).toEqual(['customer: Where is it?', 'customer: Again'])
  })

  test('is about orders of its own account only', async () => {
    const [a, b] = [await docket.account(), await docket.account()]
    const service = await onSale(docket)
    const own = await placed(docket, a.key, { service, quantity: 10 })
    const foreign = await placed(docket, b.key, { service, quantity: 10 })
    await expect(opened(docket, a.account, { orders: [own, foreign] })).rejects.toMatchObject({ code: 'order_of_nobody' })
    const id = await opened(docket, a.account, { orders: [own] })
    expect(await ordersOfTicket(docket.db, id)).toEqual([BigInt(own)])
    expect(await ticketsOfOrder(docket.db, BigInt(own), 5)).toEqual([id])
    await expect(run(house(), ticketSet, { ticket: Number(id), orders: [foreign] })).rejects.toMatchObject({ code: 'order_of_nobody' })
  })

  test('of another account is one that does not exist', async () => {
    const id = await opened(docket, await customer())
    await expect(replied(docket, await customer(), id, 'Hello')).rejects.toMatchObject({ code: 'unknown_ticket' })
  })

  test('has a bounded text, and refuses what says nothing', async () => {
    const account = await customer()
    await expect(opened(docket, account, { text: ' \n ' })).rejects.toMatchObject({ code: 'ticket_needs_text' })
    await expect(opened(docket, account, { text: 'x'.repeat(5001) })).rejects.toMatchObject({ code: 'ticket_text_too_long' })
    await expect(opened(docket, account, { subject: 'x'.repeat(201) })).rejects.toMatchObject({ code: 'ticket_subject_too_long' })
    await expect(opened(docket, account, { orders: Array.from({ length: 101 }, (_, at) => at + 1) })).rejects.toMatchObject({
      code: 'ticket_has_too_many_orders',
    })
    expect(await listTicketsOf(docket.db, account, { behind: null, most: 5 })).toEqual([])
  })

  test('is one of at most 20 an hour, and takes at most 30 messages an hour', async () => {
    const account = await customer()
    for (let at = 0; at < 20; at += 1) await opened(docket, account)
    await expect(opened(docket, account)).rejects.toMatchObject({ code: 'too_many_tickets' })
    docket.clock.forward({ minutes: 61 })
    const id = await opened(docket, account)
    for (let at = 0; at < 29; at += 1) await replied(docket, account, id, 'Hello')
    await expect(replied(docket, account, id, 'Hello')).rejects.toMatchObject({ code: 'too_many_ticket_messages' })
  })

  test('ends by itself two weeks after an answer, and loses its pictures half a year later', async () => {
    const account = await customer()
    const id = await opened(docket, account, { pictures: [Buffer.from('jpeg')] })
    await run(house(), ticketReply, { ticket: Number(id), text: 'Done' })
    docket.clock.forward({ days: 13 })
    await sweepTickets(docket.db, docket.clock.now())
    expect(await ticketOf(id)).toMatchObject({ state: 'answered' })
    docket.clock.forward({ days: 2 })
    await sweepTickets(docket.db, docket.clock.now())
    expect(await ticketOf(id)).toMatchObject({ state: 'closed' })
    expect((await said(id)).at(-1)).toBe('event: closed by itself')
    const pictures = async () => (await readMessages(docket.db, id, whole))[0]!.pictures.map(({ isGone }) => isGone)
    expect(await pictures()).toEqual([false])
    docket.clock.forward({ days: 181 })
    await sweepTickets(docket.db, docket.clock.now())
    expect(await pictures()).toEqual([true])
  })
})

describe('the queue', () => {
  test('has the urgent first, then whoever waits longest', async () => {
    await docket.db.query(`update tickets set state = 'closed', waiting_since = null, closed_at = now() where state = 'waiting'`)
    const first = await opened(docket, await customer())
    docket.clock.forward({ minutes: 1 })
    const second = await opened(docket, await customer())
    docket.clock.forward({ minutes: 1 })
    const third = await opened(docket, await customer())
    expect(await waiting()).toEqual([first, second, third])
    await run(house(), ticketSet, { ticket: Number(third), priority: 'urgent' })
    await run(house(), ticketSet, { ticket: Number(first), priority: 'low' })
    expect(await waiting()).toEqual([third, second, first])
    const page = (behind: bigint | null) =>
      listTickets(docket.db, { state: 'waiting', kind: null, assignee: null }, { behind, most: 1 }).then((rows) => rows.map(({ id }) => id))
    expect([await page(null), await page(third), await page(second), await page(first)]).toEqual([[third], [second], [first], []])
  })

  test('is filtered by kind and by whoever answers', async () => {
    const [ana, ben] = [await staffMember(), await staffMember()]
    const money = await opened(docket, await customer(), { kind: 'money' })
    const count = await opened(docket, await customer(), { kind: 'count' })
    await run(house(), ticketAssign, { ticket: Number(money), staff: ana })
    await run(house(), ticketAssign, { ticket: Number(count), staff: ben })
    const ids = async (kind: 'money' | 'count' | null, assignee: number | null) =>
      (await listTickets(docket.db, { state: 'waiting', kind, assignee }, { behind: null, most: 100 })).map(({ id }) => id)
    expect(await ids('money', null)).toEqual([money])
    expect(await ids(null, ben)).toEqual([count])
    expect(await ids('count', ana)).toEqual([])
    expect(await ids(null, 0)).not.toContain(money)
    await expect(run(house(), ticketAssign, { ticket: Number(count), staff: 999 })).rejects.toMatchObject({ code: 'unknown_staff' })
  })
})

describe('a merged ticket', () => {
  test('goes on with the other: both numbers lead there, messages and orders are read as one, and nothing is lost', async () => {
    const { account, key } = await docket.account()
    const service = await onSale(docket)
    const [a, b] = [await placed(docket, key, { service, quantity: 10 }), await placed(docket, key, { service, quantity: 10 })]
    const first = await opened(docket, account, { text: 'One', orders: [a] })
    docket.clock.forward({ minutes: 1 })
    const second = await opened(docket, account, { text: 'Two', orders: [b] })
    await run(house(), ticketReply, { ticket: Number(second), text: 'Answered' })
    await run(house(), ticketMerge, { ticket: Number(first), into: Number(second) })
    expect(await ticketOf(first)).toMatchObject({ state: 'closed', mergedInto: second })
    // The first one waited, so the other waits since then.
    expect(await ticketOf(second)).toMatchObject({ state: 'waiting', mergedInto: null })
    expect(await said(second)).toEqual(['customer: One', 'customer: Two', 'staff: Answered', `event: merged ${first}`])
    expect(await ordersOfTicket(docket.db, second)).toEqual([BigInt(a), BigInt(b)])
    expect((await listTicketsById(docket.db, [first])).map(({ id }) => id)).toEqual([second])
    expect((await listTicketsOf(docket.db, account, { behind: null, most: 9 })).map(({ id }) => id)).toEqual([second])
    await replied(docket, account, first, 'To the old number')
    expect((await said(second)).at(-1)).toBe('customer: To the old number')
  })

  test('takes with it what was merged into it, and is taken out again when it was a mistake', async () => {
    const account = await customer()
    const [one, two, three] = [await opened(docket, account), await opened(docket, account), await opened(docket, account)]
    await run(house(), ticketMerge, { ticket: Number(one), into: Number(two) })
    await run(house(), ticketMerge, { ticket: Number(two), into: Number(three) })
    expect([(await ticketOf(one)).mergedInto, (await ticketOf(two)).mergedInto]).toEqual([three, three])
    await run(house(), ticketPart, { ticket: Number(two) })
    expect(await ticketOf(two)).toMatchObject({ state: 'closed', mergedInto: null })
    expect((await said(three)).slice(-1)).toEqual([`event: parted ${two}`])
  })

  test('is of one customer, and goes on with no ticket that is merged itself, nor with itself', async () => {
    const account = await customer()
    const [one, two] = [await opened(docket, account), await opened(docket, account)]
    const other = await opened(docket, await customer())
    const merge = (ticket: bigint, into: bigint) => run(house(), ticketMerge, { ticket: Number(ticket), into: Number(into) })
    await expect(merge(one, other)).rejects.toMatchObject({ code: 'ticket_of_another_account' })
    await expect(merge(one, one)).rejects.toMatchObject({ code: 'ticket_merges_with_itself' })
    await merge(one, two)
    await expect(merge(one, two)).rejects.toMatchObject({ code: 'ticket_is_merged' })
    await expect(merge(two, one)).rejects.toMatchObject({ code: 'ticket_is_merged' })
    await expect(run(house(), ticketPart, { ticket: Number(two) })).rejects.toMatchObject({ code: 'ticket_is_not_merged' })
  })

  test('of two that are merged into each other at once, one goes on', async () => {
    const account = await customer()
    const [one, two] = [await opened(docket, account), await opened(docket, account)]
    const both = await Promise.allSettled([
      run(house(), ticketMerge, { ticket: Number(one), into: Number(two) }),
      run(house(), ticketMerge, { ticket: Number(two), into: Number(one) }),
    ])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect([(await ticketOf(one)).mergedInto, (await ticketOf(two)).mergedInto].filter((into) => into === null)).toHaveLength(1)
  })
})

describe('mails', () => {
  const turn = async () =>
    mailTickets({
      db: docket.db,
      now: docket.clock.now,
      secret: await testSecret(),
      site: { name: 'Docket', url: 'https://panel.example' },
    })
  const mailed = async (name: string) =>
    (await docket.db.query<{ count: number }>('select count(*)::int as count from mails where name = $1', [name])).rows[0]!.count
  const counted = async (name: string, work: () => Promise<unknown>) => {
    const before = await mailed(name)
    await work()
    await turn()
    return (await mailed(name)) - before
  }
  const answer = (id: bigint) => run(house(), ticketReply, { ticket: Number(id), text: 'Answer' })

  test('tell a customer once of all answers until they are read, a few minutes after the first', async () => {
    await turn()
    const account = await customer()
    const id = await opened(docket, account)
    await answer(id)
    expect(await counted('ticketAnswered', async () => docket.clock.forward({ minutes: 1 }))).toBe(0)
    await answer(id)
    expect(await counted('ticketAnswered', async () => docket.clock.forward({ minutes: 2 }))).toBe(1)
    await answer(id)
    expect(await counted('ticketAnswered', async () => docket.clock.forward({ hours: 2 }))).toBe(0)
    // A day later it is told again, because something new came since.
    expect(await counted('ticketAnswered', async () => docket.clock.forward({ hours: 23 }))).toBe(1)
    const newest = (await readMessages(docket.db, id, whole)).at(-1)!.id
    await noteSeen(docket.db, 'customer', id, newest)
    await answer(id)
    expect(await counted('ticketAnswered', async () => docket.clock.forward({ minutes: 3 }))).toBe(1)
  })

  test('tell nobody of what was seen meanwhile', async () => {
    const id = await opened(docket, await customer())
    await answer(id)
    await noteSeen(docket.db, 'customer', id, (await readMessages(docket.db, id, whole)).at(-1)!.id)
    expect(await counted('ticketAnswered', async () => docket.clock.forward({ hours: 1 }))).toBe(0)
  })

  test('tell whoever has the ticket, and of tickets that nobody has all who answer, once an hour', async () => {
    docket.clock.forward({ hours: 2 })
    await turn()
    const ana = await staffMember()
    const account = await customer()
    const id = await opened(docket, account)
    await run(house(), ticketAssign, { ticket: Number(id), staff: ana })
    expect(await counted('ticketWritten', async () => docket.clock.forward({ minutes: 6 }))).toBe(1)
    await replied(docket, account, id, 'More')
    expect(await counted('ticketWritten', async () => docket.clock.forward({ hours: 1 }))).toBe(0)
    await opened(docket, account)
    const answering = (await docket.db.query(`select from staff where role = 'support' and ended_at is null`)).rowCount
    expect(await counted('ticketsWait', async () => docket.clock.forward({ minutes: 6 }))).toBe(answering)
    await opened(docket, account)
    expect(await counted('ticketsWait', async () => docket.clock.forward({ minutes: 6 }))).toBe(0)
    expect(await counted('ticketsWait', async () => docket.clock.forward({ hours: 1 }))).toBe(answering)
  })

  test('tell of tickets of somebody who has left as of those that nobody has', async () => {
    docket.clock.forward({ hours: 2 })
    await docket.db.query(
      `update tickets set state = 'closed', waiting_since = null, closed_at = $1, staff_mail_due = null where state = 'waiting'`,
      [docket.clock.now()],
    )
    await turn()
    const [ana, answering] = [await staffMember(), `select from staff where role = 'support' and ended_at is null`]
    const id = await opened(docket, await customer())
    await run(house(), ticketAssign, { ticket: Number(id), staff: ana })
    // However the ticket came to be theirs after they left.
    await run(house(), staffEnd, { staff: ana })
    expect((await ticketOf(id)).assignee).toBeNull()
    await docket.db.query('update tickets set assignee = $2 where id = $1', [id, ana])
    expect(await counted('ticketsWait', async () => docket.clock.forward({ minutes: 6 }))).toBe((await docket.db.query(answering)).rowCount)
  })

  test('are queued once by two nodes', async () => {
    const id = await opened(docket, await customer())
    await answer(id)
    docket.clock.forward({ minutes: 3 })
    const before = await mailed('ticketAnswered')
    await Promise.all([turn(), turn(), turn()])
    expect((await mailed('ticketAnswered')) - before).toBe(1)
  })
})

describe('words', () => {
  test('are plain text: no control characters, no half letters, at most two empty lines', () => {
    expect(plainWords(' a\r\nb\u0000\u0007\tc\n\n\n\n\nd \ud800 ')).toBe('a\nb\tc\n\n\nd \ufffd')
  })

  test('of a saved reply have their values, and braces that name nothing stay', () => {
    const values = {
      ticket: '5',
      customer: 'Ann',
      order: '12',
      service: 'S',
      link: 'L',
      status: 'Completed',
      remains: '0',
      me: 'Ana',
      site: 'Docket',
    }
    expect(filled('{order} of {customer}: {status}. {nothing} {Order} {constructor}', values)).toBe(
      '12 of Ann: Completed. {nothing} {Order} {constructor}',
    )
  })

  test('that are pasted are numbers of orders, whatever stands between them', () => {
    expect(readPasted('#12, 13;14\n15 | 12 x7 0 -3')).toEqual({ ids: [12n, 13n, 14n, 15n], wrong: ['x7', '0', '-3'] })
    expect(readPasted(Array.from({ length: 500 }, (_, at) => at + 1).join(' ')).ids).toHaveLength(101)
  })
})

test('nothing of a message is written by a transaction that fails', async () => {
  const account = await customer()
  const id = await opened(docket, account)
  await expect(
    transaction(docket.db, async (tx) => {
      await tx.query('select 1')
      await run({ ...house(), db: tx as never }, ticketReply, { ticket: Number(id), text: 'Lost' })
      throw new Error('killed')
    }),
  ).rejects.toThrow('killed')
  expect(await said(id)).toEqual(['customer: Where is it?'])
})
