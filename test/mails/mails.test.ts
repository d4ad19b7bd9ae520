import pino from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openPool, transaction } from '../../server/db/pool.ts'
import { openMailServer } from '../../server/mails/mail-server.ts'
import { listMails, readMail } from '../../server/mails/mailbox.ts'
import { forgetOldMails, type PostmanDependencies, sendDueMails, startPostman } from '../../server/mails/postman.ts'
import { queueMail } from '../../server/mails/queue.ts'
import { mailText } from '../../server/mails/text.ts'
import type { Secret } from '../../server/secret.ts'
import { eventually } from '../support/clients.ts'
import { openDocket } from '../support/docket.ts'
import { type FakeMailServer, openFakeMailServer } from '../support/fake-mail-server.ts'
import { silent } from '../support/fulfilment.ts'
import { testSecret } from '../support/people.ts'

const LINK = 'https://panel.example/reset/abc'

describe('mails', () => {
  const docket = openDocket()
  let secret: Secret
  let otherDb: Database
  let fake: FakeMailServer

  beforeAll(async () => {
    secret = await testSecret()
    otherDb = openPool(docket.databaseUrl, { size: 4 })
  })
  beforeEach(async () => {
    await docket.db.query('delete from mails')
    fake = await openFakeMailServer()
  })
  afterEach(() => fake.stop())
  afterAll(() => otherDb.end())

  function postman(db: Database = docket.db): PostmanDependencies {
    const server = openMailServer(fake.url, () => 'Example Panel <no-reply@panel.example>')
    return { db, now: docket.clock.now, log: silent, secret, server }
  }

  async function queue(recipient = 'anna@example.com', site = 'Example Panel'): Promise<void> {
    const values = { site, link: LINK, until: '2026-03-01T13:00:00Z' }
    await queueMail(docket.db, secret, { accountId: 1, recipient, name: 'reset', locale: 'en', values }, docket.clock.now())
  }

  async function alerts(): Promise<string[]> {
    const { rows } = await docket.db.query<{ words: string }>(
      `select words from alerts where kind = 'mails given up' and closed_at is null`,
    )
    return rows.map((row) => row.words)
  }

  test('a mail that is due is sent once and then emptied', async () => {
    await queue()
    expect(await sendDueMails(postman())).toBe(1)
    expect(await sendDueMails(postman())).toBe(0)
    expect(fake.taken).toHaveLength(1)
    const { from, to, message } = fake.taken[0]!
    expect({ from, to }).toEqual({ from: 'no-reply@panel.example', to: ['anna@example.com'] })
    expect(message).toMatch(/^From: Example Panel <no-reply@panel\.example>\r$/m)
    expect(message).toMatch(/^Subject: Choose a new password for Example Panel\r$/m)
    expect(message).toMatch(/^Auto-Submitted: auto-generated\r$/m)
    expect(message).toMatch(/^Message-ID: <\d+\.\d+@panel\.example>\r$/m)
    expect(message.replaceAll('=\r\n', '').replaceAll('=3D', '=')).toContain(LINK)
    const [row] = await listMails(docket.db, null)
    expect(row).toMatchObject({ state: 'sent', attempts: 1, words: '250 taken', endedAt: docket.clock.now() })
    await expect(readMail(docket.db, secret, row!.id)).rejects.toThrow(`Mail ${row!.id} is sent: its text is not stored any longer`)
    expect((await docket.db.query('select from mails where sealed_values is null')).rowCount).toBe(1)
  })

  test('a mail is there with its cause, or neither is', async () => {
    const cause = transaction(docket.db, async (tx) => {
      await queueMail(tx, secret, { accountId: 1, recipient: 'a@example.com', name: 'reset', locale: 'en', values: {} }, docket.clock.now())
      throw new Error('the cause failed')
    })
    await expect(cause).rejects.toThrow('the cause failed')
    expect(await listMails(docket.db, null)).toEqual([])
  })

  test('two nodes at once send each mail once', async () => {
    for (let count = 0; count < 40; count += 1) await queue(`p${count}@example.com`)
    const nodes = [postman(), postman(otherDb), postman(), postman(otherDb)]
    for (let round = 0; round < 4; round += 1) await Promise.all(nodes.map((node) => sendDueMails(node)))
    expect(fake.taken).toHaveLength(40)
    expect(new Set(fake.taken.map((mail) => mail.to[0])).size).toBe(40)
  })

  test('what a mail server refuses for now is tried again, later each time', async () => {
    await queue()
    fake.faults.set('RCPT', '450 later please')
    const pauses: number[] = []
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      expect(await sendDueMails(postman())).toBe(1)
      expect(await sendDueMails(postman())).toBe(0)
      const { rows } = await docket.db.query<{ due: Date }>('select due_at as due from mails')
      pauses.push((rows[0]!.due.getTime() - docket.clock.now().getTime()) / 1000)
      docket.clock.forward({ seconds: Math.ceil(pauses.at(-1)!) })
    }
    expect(pauses[3]!).toBeGreaterThan(pauses[0]!)
    const [row] = await listMails(docket.db, null)
    expect(row).toMatchObject({ state: 'waiting', attempts: 4, words: expect.stringContaining('450') })
    fake.faults.clear()
    await sendDueMails(postman())
    expect(fake.taken).toHaveLength(1)
  })

  test('after a day without success it is given up, and staff are told for a week', async () => {
    await queue()
    await fake.stop()
    for (let hour = 0; hour < 25; hour += 1) {
      await sendDueMails(postman())
      docket.clock.forward({ hours: 1 })
    }
    const [row] = await listMails(docket.db, null)
    expect(row).toMatchObject({ state: 'given up' })
    expect(await alerts()).toEqual([expect.stringMatching(/^A mail \(reset\) to account 1 could not be sent for a day: .*ECONNREFUSED/)])
    expect((await alerts())[0]).not.toContain(LINK)
    await forgetOldMails(docket.db, docket.clock.now())
    expect(await alerts()).toHaveLength(1)
    docket.clock.forward({ days: 7 })
    await forgetOldMails(docket.db, docket.clock.now())
    expect(await alerts()).toEqual([])
    docket.clock.forward({ days: 30 })
    await forgetOldMails(docket.db, docket.clock.now())
    expect(await listMails(docket.db, null)).toEqual([])
  })

  test('what waited for a day without a mail server is not sent any more', async () => {
    await queue()
    docket.clock.forward({ hours: 24 })
    await sendDueMails(postman())
    expect(fake.taken).toEqual([])
    expect(await listMails(docket.db, null)).toMatchObject([{ state: 'given up' }])
    docket.clock.forward({ days: 8 })
    await forgetOldMails(docket.db, docket.clock.now())
  })

  test('an address that its server does not have is tried once, and is no matter for staff', async () => {
    await queue('nobody@example.com')
    fake.faults.set('RCPT', '550 no such person')
    await sendDueMails(postman())
    expect(await listMails(docket.db, null)).toMatchObject([{ state: 'given up', attempts: 1, words: expect.stringContaining('550') }])
    expect(await alerts()).toEqual([])
  })

  test('what may have arrived is sent again under the same id, so that a mailbox can tell', async () => {
    await queue()
    fake.faults.set('END', 'cut')
    await sendDueMails(postman())
    fake.faults.clear()
    docket.clock.forward({ minutes: 1 })
    await sendDueMails(postman())
    const ids = fake.taken.map((mail) => /^Message-ID: (.*)\r$/m.exec(mail.message)![1])
    expect(ids).toHaveLength(2)
    expect(ids[0]).toBe(ids[1])
  })

  test('a node that died with a mail in its hands leaves it to the others', async () => {
    await queue()
    const dying: PostmanDependencies = { ...postman(), server: { send: () => new Promise(() => {}) } }
    void sendDueMails(dying)
    await eventually('it is claimed', async () => (await listMails(docket.db, null))[0]!.attempts === 1 || undefined)
    expect(await sendDueMails(postman(otherDb))).toBe(0)
    docket.clock.forward({ minutes: 3 })
    expect(await sendDueMails(postman(otherDb))).toBe(1)
    expect(fake.taken).toHaveLength(1)
  })

  test('nothing that a customer typed becomes a header or a recipient', async () => {
    await queue('anna@example.com', 'Panel\r\nBcc: victim@example.com')
    await sendDueMails(postman())
    const [mail] = fake.taken
    expect(mail!.to).toEqual(['anna@example.com'])
    expect(mail!.message.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/m)
  })

  test('the loop sends what is queued while it runs', async () => {
    const loop = startPostman({ ...postman(), log: pino({ level: 'silent' }) }, () => true)
    await queue('soon@example.com')
    await eventually('it is sent', () => fake.taken[0])
    await loop.stop()
    expect(fake.taken[0]!.to).toEqual(['soon@example.com'])
  })

  test('without a mail server a mail is read where it waits', async () => {
    await queue()
    const [row] = await listMails(docket.db, 1)
    const mail = await readMail(docket.db, secret, row!.id)
    expect(mail).toMatchObject({ recipient: 'anna@example.com', subject: 'Choose a new password for Example Panel' })
    expect(mail.text).toContain(LINK)
    await expect(readMail(docket.db, secret, 99_999n)).rejects.toThrow('There is no mail 99999')
    const { rows } = await docket.db.query<{ row: string }>('select m::text as row from mails m')
    expect(rows[0]!.row).not.toContain(Buffer.from(LINK).toString('hex'))
  })

  test('texts are in the language asked for, dates and numbers too, and fall back to English', () => {
    const values = { site: 'Panel', link: LINK, until: '2026-03-01T13:00:00Z', left: 1 }
    expect(mailText('en', 'reset', values).text).toMatch(/until March 1, 2026 at 1:00\sPM UTC\./)
    expect(mailText('de-AT', 'reset', values)).toMatchObject({
      subject: expect.stringContaining('Panel'),
      text: expect.stringContaining('1. März 2026'),
    })
    expect(mailText('tlh', 'reset', values).subject).toBe('Choose a new password for Panel')
    expect(mailText('en-GB', 'recoveryCodeUsed', values).text).toContain('1 is left.')
    expect(mailText('sl', 'recoveryCodeUsed', { ...values, left: 2 }).text).not.toContain('left')
    // A name is a name, whatever is in it.
    expect(mailText('en', 'invite', { ...values, site: '<b>{link}</b>' }).subject).toBe('Your account at <b>{link}</b>')
  })
})
