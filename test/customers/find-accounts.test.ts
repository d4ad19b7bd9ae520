import { beforeAll, describe, expect, test } from 'vitest'
import { accountNote } from '../../server/acts/account-note.ts'
import { accountSet } from '../../server/acts/account-set.ts'
import { accountSuspend } from '../../server/acts/account-suspend.ts'
import { fund } from '../../server/acts/fund.ts'
import { readAccountLog } from '../../server/customers/account-log.ts'
import { addFundedAccount } from '../../server/payments/fund.ts'
import { type AccountFilter, type AccountOrder, ALL_ACCOUNTS, findAccounts } from '../../server/customers/find-accounts.ts'
import { listNotes } from '../../server/customers/notes.ts'
import { parseUnits } from '../../server/ledger/money.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'

const docket = openDocket()
const accounts = new Map<string, { account: number; key: string }>()

beforeAll(async () => {
  const people = [
    ['anna@flower-shop.example', '5'],
    ['bor.novak@shop.example', '70'],
    ['cene@elsewhere.example', '0'],
    ['dora@elsewhere.example', '30'],
  ] as const
  for (const [email, balance] of people) {
    const opened = { email, currency: 'USD', balance: parseUnits(balance), note: '' }
    accounts.set(email, await addFundedAccount(docket.db, opened, docket.clock.now()))
  }
})

const numberOf = (email: string) => accounts.get(email)!.account
const emails = async (filter: Partial<AccountFilter>, order: AccountOrder = 'newest') => {
  const found = await findAccounts(docket.db, { ...ALL_ACCOUNTS, ...filter }, { order, after: null, most: 10 })
  return found.map(({ email }) => email)
}

describe('staff find an account', () => {
  test.each([
    ['its number', () => String(numberOf('anna@flower-shop.example')), ['anna@flower-shop.example']],
    ['its address', () => 'anna@flower-shop.example', ['anna@flower-shop.example']],
    ['the beginning of its address, in any case', () => 'AnN', ['anna@flower-shop.example']],
    ['a word within its address', () => 'shop', ['bor.novak@shop.example', 'anna@flower-shop.example']],
    ['several words, in any order', () => 'shop novak', ['bor.novak@shop.example']],
    ['the first characters of a key', () => accounts.get('cene@elsewhere.example')!.key.slice(0, 12), ['cene@elsewhere.example']],
    ['a whole key', () => accounts.get('dora@elsewhere.example')!.key, ['dora@elsewhere.example']],
    ['nothing that is like it', () => "o'% & | ! ( <->", []],
    ['a pattern, which is only text', () => '%', []],
  ])('by %s', async (_, text, found) => {
    expect(await emails({ text: text() })).toEqual(found)
  })

  test('by what is on its book, and in the order of its balance', async () => {
    expect(await emails({ balance: 'zero' })).toEqual(['cene@elsewhere.example'])
    const alarm = 'insert into balance_alarms (book_id, below) select id, 600000 from books where account_id = $1'
    await docket.db.query(alarm, [numberOf('anna@flower-shop.example')])
    expect(await emails({ balance: 'low' })).toEqual(['anna@flower-shop.example'])
    expect(await emails({}, 'balance')).toEqual([
      'bor.novak@shop.example',
      'dora@elsewhere.example',
      'anna@flower-shop.example',
      'cene@elsewhere.example',
    ])
    expect(await emails({ spent: 1n })).toEqual([])
  })

  test('by its state', async () => {
    await run(houseOf(docket.db), accountSuspend, { account: numberOf('dora@elsewhere.example') })
    expect(await emails({ state: 'suspended' })).toEqual(['dora@elsewhere.example'])
    expect(await emails({ state: 'active', text: 'elsewhere' })).toEqual(['cene@elsewhere.example'])
  })

  test('by its group', async () => {
    const { rows } = await docket.db.query<{ id: number }>(`insert into account_groups (name) values ('Resellers') returning id`)
    await docket.db.query('update accounts set group_id = $1 where id = $2', [rows[0]!.id, numberOf('bor.novak@shop.example')])
    expect(await emails({ group: rows[0]!.id })).toEqual(['bor.novak@shop.example'])
  })

  test.each(['newest', 'balance', 'spent'] as const)('a page at a time in the order "%s": each once', async (order) => {
    const seen: number[] = []
    let after: { id: number; amount: bigint } | null = null
    for (;;) {
      const [row]: Awaited<ReturnType<typeof findAccounts>> = await findAccounts(docket.db, ALL_ACCOUNTS, { order, after, most: 1 })
      if (!row) break
      seen.push(row.id)
      after = { id: row.id, amount: order === 'balance' ? row.wallet : row.spent }
    }
    expect(seen).toHaveLength(accounts.size)
    expect(new Set(seen)).toEqual(new Set([...accounts.values()].map(({ account }) => account)))
  })
})

describe('what staff do to an account', () => {
  test('is told in its own log: money with its reason, and changed terms', async () => {
    const account = numberOf('cene@elsewhere.example')
    const house = houseOf(docket.db, docket.clock.now)
    await run(house, fund, { account, amount: '12.5', note: 'bank transfer', reference: 'bank 1' })
    // The same payment, reported again, moves nothing.
    await run(house, fund, { account, amount: '12.5', note: 'bank transfer', reference: 'bank 1' })
    await run(house, accountSet, { account, discount: '7.5' })
    const log = await readAccountLog(docket.db, account, { before: null, most: 10 })
    expect(log.map(({ by, act, about }) => [by, act, about])).toEqual([
      ['staff', 'terms changed', '−7.5%'],
      ['staff', 'funded', '12.50000 USD: bank transfer'],
    ])
  })

  test('needs a reason where it moves money', async () => {
    const house = houseOf(docket.db)
    const account = numberOf('bor.novak@shop.example')
    await expect(run(house, fund, { account, amount: '-1' })).rejects.toThrow(/^note: /)
    await expect(run(house, fund, { account, amount: '-1', note: ' ' })).rejects.toThrow(/^note: /)
    await expect(run(house, fund, { account, amount: '-70.00001', note: 'too much' })).rejects.toMatchObject({ code: 'balance_too_low' })
  })

  test('is noted for other staff only, and a note is never changed', async () => {
    const account = numberOf('anna@flower-shop.example')
    await run(houseOf(docket.db), accountNote, { account, note: 'Pays by invoice.' })
    const notes = await listNotes(docket.db, account, { before: null, most: 10 })
    expect(notes.map(({ who, note }) => [who, note])).toEqual([['tester', 'Pays by invoice.']])
    expect(await readAccountLog(docket.db, account, { before: null, most: 10 })).toEqual([])
    await expect(docket.db.query(`update account_notes set note = 'x'`)).rejects.toThrow('append-only')
    const insert = `insert into account_notes (account_id, at, who, note) values (${account}, now(), 'x', 'x')`
    await expect(docket.db.query(insert)).rejects.toThrow('changes only by an act')
  })
})
