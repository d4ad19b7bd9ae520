import pino from 'pino'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { ticketClose, ticketReopen } from '../../server/acts/ticket-close.ts'
import { ticketMerge } from '../../server/acts/ticket-merge.ts'
import { ticketNote } from '../../server/acts/ticket-note.ts'
import { ticketOpen } from '../../server/acts/ticket-open.ts'
import { ticketReply } from '../../server/acts/ticket-reply.ts'
import { addKey } from '../../server/customers/keys.ts'
import { NO_LIMITS } from '../../server/customers/key-rights.ts'
import { openOutgoing } from '../../server/outgoing/fetch.ts'
import { sweepTickets } from '../../server/support/sweep.ts'
import { pauseWebhook, resumeWebhook } from '../../server/webhooks/pause.ts'
import { addWebhook } from '../../server/webhooks/registry.ts'
import { openWebhookWorker, type WebhookWorker } from '../../server/webhooks/worker.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { testSecret } from '../support/people.ts'
import { opened, replied } from '../support/tickets.ts'
import { openReceiver, type Receiver } from './receiver.ts'

const docket = openDocket()
const house = () => houseOf(docket.db, docket.clock.now)
const secret = await testSecret()
const outgoing = openOutgoing({ allowPrivate: true, timeLimitMs: 2000 })

let receiver: Receiver
let worker: WebhookWorker

beforeEach(async () => {
  await docket.db.query('delete from webhooks')
  receiver = await openReceiver()
  worker = openWorker()
  await worker.turn()
})

function openWorker(): WebhookWorker {
  const site = { name: 'Docket', url: 'https://docket.example' }
  const worker = openWebhookWorker({ db: docket.db, now: docket.clock.now, log: pino({ level: 'silent' }), secret, outgoing, site })
  onTestFinished(async () => {
    await worker.stop()
    await receiver.close()
  })
  return worker
}

async function deliver() {
  await worker.turn()
  await worker.idle()
}

async function customer(events = ['ticket.*'], isTest = false) {
  const { account } = await docket.account()
  if (isTest) await addKey(docket.db, account, { test: true, label: 'test', limits: NO_LIMITS }, docket.clock.now())
  await addWebhook(docket.db, { secret, outgoing }, { accountId: account, url: receiver.url, events, test: isTest }, docket.clock.now())
  return account
}

const told = () =>
  receiver.received.map(({ body }) => {
    const { type, data } = JSON.parse(body) as { type: string; data: Record<string, unknown> }
    return [type, data] as const
  })
const untold = async () => (await docket.db.query('select from ticket_news where told_at is null')).rowCount

describe('webhooks of tickets', () => {
  test('what happens is told once each, whoever does it, without a word of what was written', async () => {
    const account = await customer()
    const ticket = Number(await opened(docket, account, { text: 'Secret words' }))
    await run(house(), ticketNote, { ticket, note: 'Pays late' })
    await run(house(), ticketReply, { ticket, text: 'Other secret words', close: true })
    await replied(docket, account, BigInt(ticket), 'Thanks')
    await run(house(), ticketClose, { ticket })
    await run(house(), ticketReopen, { ticket })
    await Promise.all([worker.turn(), openWorker().turn()])
    await deliver()
    await deliver()
    const message = expect.any(Number)
    expect(told().toSorted(([a], [b]) => a.localeCompare(b))).toEqual([
      ['ticket.closed', { ticket, by: 'staff', message: null }],
      ['ticket.closed', { ticket, by: 'staff', message: null }],
      ['ticket.opened', { ticket, by: 'customer', message }],
      ['ticket.reopened', { ticket, by: 'staff', message: null }],
      ['ticket.replied', { ticket, by: 'staff', message }],
      ['ticket.replied', { ticket, by: 'customer', message }],
    ])
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(6)
    expect(receiver.received.map(({ body }) => body).join('')).not.toMatch(/words|late/)
  })

  test('a ticket that staff open, and one that goes on with another, are told with their numbers', async () => {
    const account = await customer()
    const { ticket } = await run(house(), ticketOpen, { account, text: 'We have looked.' })
    const into = await opened(docket, account)
    await run(house(), ticketMerge, { ticket: Number(ticket), into: Number(into) })
    await deliver()
    expect(told()).toEqual(
      expect.arrayContaining([
        ['ticket.opened', { ticket: Number(ticket), by: 'staff', message: expect.any(Number) }],
        ['ticket.opened', { ticket: Number(into), by: 'customer', message: expect.any(Number) }],
        ['ticket.merged', { ticket: Number(ticket), by: 'staff', message: null, into: Number(into) }],
      ]),
    )
    expect(told()).toHaveLength(3)
  })

  test('only who subscribed is told, of own tickets, and no webhook of test keys', async () => {
    const closing = await customer(['ticket.closed'])
    const orders = await customer(['order.*'])
    const playing = await customer(['ticket.*'], true)
    for (const account of [closing, orders, playing]) {
      const ticket = Number(await opened(docket, account))
      await run(house(), ticketClose, { ticket })
    }
    const nobodys = (await docket.account()).account
    await opened(docket, nobodys)
    await deliver()
    expect(told().map(([type]) => type)).toEqual(['ticket.closed'])
  })

  test('a message that was not kept is never told, and a rollback of the teller leaves news to be told', async () => {
    const account = await customer()
    await expect(run(house(), ticketOpen, { account, text: 'x' }, { dryRun: true })).resolves.toBeDefined()
    await deliver()
    expect(told()).toEqual([])
    await opened(docket, account)
    await docket.db.query(`alter table webhook_messages add constraint none_for_now check (type <> 'ticket.opened') not valid`)
    await expect(worker.turn()).rejects.toThrow('none_for_now')
    await docket.db.query('alter table webhook_messages drop constraint none_for_now')
    await deliver()
    expect(told().map(([type]) => type)).toEqual(['ticket.opened'])
  })

  test('what happens while a webhook is paused is told when it goes on, or not at all', async () => {
    const account = await customer()
    const { rows } = await docket.db.query<{ id: number }>('select id from webhooks where account_id = $1', [account])
    for (const [meanwhile, types] of [
      [true, ['ticket.opened']],
      [false, ['ticket.opened']],
    ] as const) {
      await pauseWebhook(docket.db, rows[0]!.id, docket.clock.now())
      await opened(docket, account)
      docket.clock.forward({ days: 9 })
      await deliver()
      await resumeWebhook(docket.db, rows[0]!.id, meanwhile, docket.clock.now())
      await deliver()
      expect(told().map(([type]) => type)).toEqual(types)
    }
  })

  test('news that were told are forgotten after a month, and those that were not are kept', async () => {
    const account = await customer()
    await opened(docket, account)
    await deliver()
    docket.clock.forward({ days: 31 })
    await opened(docket, account)
    await sweepTickets(docket.db, docket.clock.now())
    expect((await docket.db.query('select from ticket_news where told_at is not null')).rowCount).toBe(0)
    expect(await untold()).toBeGreaterThan(0)
    await deliver()
    expect(told().map(([type]) => type)).toEqual(['ticket.opened', 'ticket.opened'])
  })
})
