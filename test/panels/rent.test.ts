import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { childAdd } from '../../server/acts/child-add.ts'
import { childSet } from '../../server/acts/child-set.ts'
import { childResume, childSuspend } from '../../server/acts/child-suspend.ts'
import { fund } from '../../server/acts/fund.ts'
import { staffAdd } from '../../server/acts/staff-add.ts'
import { staffTokenAdd } from '../../server/acts/staff-token-add.ts'
import { findChild, restartRent } from '../../server/children/children.ts'
import { takeRents } from '../../server/children/rent.ts'
import { openPool } from '../../server/db/pool.ts'
import { openSecret } from '../../server/secret.ts'
import { readLog, WHOLE_LOG } from '../../server/staff/log.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { commandEnvironment, docket as command } from '../support/server-process.ts'

const docket = openDocket()
const SECRET = 'a secret of this test, long enough'
let hosts = 0

async function landlord(db = docket.db) {
  const secret = await openSecret({ secret: SECRET, dataDirectory: '' })
  return { db, now: docket.clock.now, secret, site: () => ({ name: 'Docket', url: 'https://panel.example' }), graceDays: () => 7 }
}

const house = () => houseOf(docket.db, docket.clock.now)
const take = async () => takeRents(await landlord())

/** A child panel that was opened now, for ten a month. */
async function open(balance: string): Promise<{ host: string; account: number; key: string }> {
  const host = `rent${(hosts += 1)}.example`
  const owner = await docket.account({ balance })
  await run(house(), childAdd, { url: `https://${host}`, account: owner.account, rent: '10' })
  const { id } = await findChild(docket.db, host)
  await docket.db.query(`update child_panels set state = 'open' where id = $1`, [id])
  await restartRent(docket.db, id, { from: docket.clock.now(), months: 0 })
  return { host, ...owner }
}

async function rentsOf(host: string): Promise<string[]> {
  const { rows } = await docket.db.query<{ due: string }>(
    `select to_char(r.due_at at time zone 'utc', 'YYYY-MM-DD') as due from child_rents r join child_panels c on c.id = r.child_id
      join transfers t on t.book_id = r.book_id and t.line = r.line and t.cause::text = 'rent' and t.amount = r.amount and t.note = c.host
      where c.host = $1 order by r.due_at`,
    [host],
  )
  return rows.map(({ due }) => due)
}

const linesOfRent = async (account: number) =>
  (
    await docket.db.query(`select from transfers t join books b on b.id = t.book_id where b.account_id = $1 and t.cause::text = 'rent'`, [
      account,
    ])
  ).rowCount

const mailsOf = async (account: number) =>
  (await docket.db.query<{ name: string }>('select name from mails where account_id = $1 order by id', [account])).rows.map(
    ({ name }) => name,
  )

describe('the rent of a child panel', () => {
  test('is a line of the ledger, once a month, however many nodes ask at once', async () => {
    const { host, account, key } = await open('100')
    await Promise.all(Array.from({ length: 6 }, take))
    expect(await docket.balance(key)).toBe('90.00000')
    docket.clock.forward({ days: 30 })
    await take()
    expect(await linesOfRent(account)).toBe(1)
    docket.clock.forward({ days: 1 })
    await Promise.all(Array.from({ length: 6 }, take))
    expect(await rentsOf(host)).toEqual(['2026-03-01', '2026-04-01'])
    expect(await docket.balance(key)).toBe('80.00000')
  })

  test('is due on the day of the month on which the panel was opened, or on the last one', async () => {
    const { host } = await open('100')
    const { id } = await findChild(docket.db, host)
    await restartRent(docket.db, id, { from: new Date('2026-01-31T12:00:00Z'), months: 0 })
    while ((await take()) > 0);
    expect(await rentsOf(host)).toEqual(['2026-01-31', '2026-02-28', '2026-03-31'])
  })

  test('that the balance does not cover is told, then suspends the panel, and a deposit brings it back', async () => {
    const { host, account, key } = await open('5')
    await take()
    await take()
    expect(await findChild(docket.db, host)).toMatchObject({
      state: 'open',
      graceUntil: new Date(docket.clock.now().getTime() + 7 * 86_400_000),
    })
    expect(await mailsOf(account)).toEqual(['childRentMissed'])

    docket.clock.forward({ days: 7 })
    await Promise.all([take(), take()])
    expect(await findChild(docket.db, host)).toMatchObject({ state: 'suspended', why: 'rent' })
    expect(await mailsOf(account)).toEqual(['childRentMissed', 'childSuspended'])
    expect((await readLog(docket.db, WHOLE_LOG, { before: null, most: 1 }))[0]).toMatchObject({
      act: 'child suspend',
      who: 'rent',
      account,
    })
    expect(await docket.balance(key)).toBe('5.00000')

    docket.clock.forward({ days: 60 })
    await run(house(), fund, { account, amount: '20', note: 'a deposit' })
    await Promise.all([take(), take()])
    await take()
    expect(await findChild(docket.db, host)).toMatchObject({ state: 'open', why: null, graceUntil: null })
    expect(await docket.balance(key)).toBe('15.00000')
    expect(await linesOfRent(account)).toBe(1)
    expect((await findChild(docket.db, host)).rentDueAt.getTime()).toBeGreaterThan(docket.clock.now().getTime() + 27 * 86_400_000)
  })

  test('that comes within the days of grace is taken, and nothing is suspended', async () => {
    const { host, account, key } = await open('5')
    await take()
    docket.clock.forward({ days: 6 })
    await run(house(), fund, { account, amount: '5', note: 'a deposit' })
    await take()
    docket.clock.forward({ days: 2 })
    await take()
    expect(await findChild(docket.db, host)).toMatchObject({ state: 'open', graceUntil: null })
    expect(await docket.balance(key)).toBe('0.00000')
  })

  test('is not asked for a time in which staff had it suspended', async () => {
    const { host, account, key } = await open('100')
    await take()
    await run(house(), childSuspend, { host })
    docket.clock.forward({ days: 100 })
    await take()
    expect(await docket.balance(key)).toBe('90.00000')
    await run(house(), childResume, { host })
    while ((await take()) > 0);
    expect(await docket.balance(key)).toBe('80.00000')
    expect(await linesOfRent(account)).toBe(2)
  })

  test('is what was set last, from the next month on; of zero there is no line', async () => {
    const { host, account, key } = await open('100')
    await take()
    await run(house(), childSet, { host, rent: '2.50' })
    docket.clock.forward({ days: 31 })
    await take()
    expect(await docket.balance(key)).toBe('87.50000')
    await run(house(), childSet, { host, rent: '0' })
    docket.clock.forward({ days: 62 })
    await take()
    expect(await linesOfRent(account)).toBe(2)
  })

  test('is taken once a month also when connections are cut at any moment', async () => {
    const { host, account } = await open('100000')
    const nodes = [1, 2, 3].map((at) => openPool(docket.databaseUrl, { size: 2, name: `cut ${at}` }))
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'cut %'`
    for (let month = 0; month < 12; month += 1) {
      const asked = nodes.map(async (db) => takeRents(await landlord(db)).catch(() => 0))
      await Promise.all([...asked, docket.db.query(cut)])
      await take()
      docket.clock.forward({ days: 31 })
    }
    while ((await take()) > 0);
    await Promise.all(nodes.map((db) => db.end()))
    const dues = await rentsOf(host)
    expect(new Set(dues).size).toBe(dues.length)
    expect(await linesOfRent(account)).toBe(dues.length)
    expect(dues.length).toBe(13)
  })

  test('is told in the mail as an amount of the account', async () => {
    const { account, host } = await open('0')
    await take()
    const { rows } = await docket.db.query<{ sealed_values: Buffer }>('select sealed_values from mails where account_id = $1', [account])
    const values = JSON.parse((await landlord().then(({ secret }) => secret)).open(rows[0]!.sealed_values)) as Record<string, string>
    expect(values).toMatchObject({ panel: host, rentUnits: '1000000', currency: 'USD', link: 'https://panel.example/funds' })
  })
})

describe('what child panels owe', () => {
  const childList = async (...options: string[]): Promise<string> => {
    const env = { ...commandEnvironment(), DATABASE_URL: docket.databaseUrl, DOCKET_SECRET: SECRET }
    return (await promisify(execFile)(process.execPath, [command, 'child', 'list', ...options], { env })).stdout
  }

  /** One that owes a month which its balance does not cover, and one whose next month is not due for long. */
  async function owingAndPaid() {
    const rentFrom = async ({ host }: { host: string }, from: string) =>
      restartRent(docket.db, (await findChild(docket.db, host)).id, { from: new Date(from), months: 0 })
    // The command goes by the real time, and the tests before this one have moved theirs.
    const owing = await open('3.50')
    await rentFrom(owing, '2020-01-01T00:00:00Z')
    await take()
    const paid = await open('100')
    await rentFrom(paid, '2999-01-01T00:00:00Z')
    return { owing, paid }
  }

  test('is in the list of the command, beside the balance that should cover it', async () => {
    const { owing, paid } = await owingAndPaid()
    const rows: { host: string }[] = JSON.parse(await childList('--json'))
    const rowOf = ({ host }: { host: string }) => rows.find((row) => row.host === host)
    const owed = { rent: '10.00000', owed: '10.00000', balance: '3.50000', currency: 'USD' }
    expect(rowOf(owing)).toMatchObject({ ...owed, state: 'open', why: null, grace_until: expect.any(String) })
    expect(rowOf(paid)).toMatchObject({ rent: '10.00000', owed: '0.00000', balance: '100.00000', grace_until: null })

    docket.clock.forward({ days: 7 })
    await take()
    const lines = (await childList()).split('\n').map((line) => line.split(/ {2,}/))
    expect(lines[0]).toEqual(['host', 'account', 'state', 'rent', 'owed', 'balance', 'fault'])
    expect(lines).toContainEqual([owing.host, String(owing.account), 'suspended (rent)', '10.00000 USD', '10.00000 USD', '3.50000 USD'])
  })

  test('is in the list of the operator API', async () => {
    const { owing, paid } = await owingAndPaid()
    const { staff } = await run(house(), staffAdd, { email: 'owner@example.com', name: 'Owner', role: 'owner' })
    const { token } = await run(house(), staffTokenAdd, { staff })
    const ofAccount = async ({ account }: { account: number }) => {
      const url = `${docket.node.url}/operator/v1/children?account=${account}`
      const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
      return ((await answer.json()) as { rows: unknown[] }).rows
    }
    expect(await ofAccount(owing)).toMatchObject([{ host: owing.host, owed: '10.00000', balance: '3.50000' }])
    expect(await ofAccount(paid)).toMatchObject([{ host: paid.host, owed: '0.00000', balance: '100.00000' }])
  })
})
