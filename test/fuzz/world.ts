import { randomBytes } from 'node:crypto'
import { serviceTypes } from '../../contract/service-types.ts'
import { houseRuleAdd } from '../../server/acts/house-rule-add.ts'
import { staffKeyAdd } from '../../server/acts/staff-key-add.ts'
import { importServices, readServiceList } from '../../server/catalog/import.ts'
import { addFundedAccount } from '../../server/payments/fund.ts'
import { openPasswords } from '../../server/customers/password.ts'
import { startSession } from '../../server/customers/sessions.ts'
import { findUserByEmail } from '../../server/customers/users.ts'
import type { Database } from '../../server/db/pool.ts'
import { parseUnits } from '../../server/ledger/money.ts'
import { openSecret } from '../../server/secret.ts'
import { formToken } from '../../server/web/csrf.ts'
import { addWebhook } from '../../server/webhooks/registry.ts'
import { houseOf, run } from '../support/acts.ts'

/** A house with one of each thing that input can reach: services of every type, rules of every kind, a customer who is signed in, staff. */
export interface World {
  readonly key: string
  readonly staffKey: string
  readonly cookie: string
  readonly csrf: string
  readonly services: ReadonlyMap<string, number>
  readonly webhook: number
}

/** What a server over this world is started with, so that it can open what is sealed in it. */
export const WORLD_SECRET = 'a secret of at least thirty-two characters'

const FIRST_SERVICE = 101
const FURTHER_SERVICES = 2000

export async function makeWorld(db: Database): Promise<World> {
  const now = new Date()
  const listed = serviceTypes.map(({ name: type, runs }, at) => ({
    service: FIRST_SERVICE + at,
    name: `${type} service`,
    type,
    category: type,
    rate: '0.001',
    min: 1,
    max: 1_000_000,
    dripfeed: runs === true,
    refill: true,
    cancel: true,
    ...(at === 0 && { translations: { 'zh-HK': { name: '追蹤者' }, pt: { name: 'Seguidores' } } }),
  }))
  const further = Array.from({ length: FURTHER_SERVICES }, (_, at) => ({
    service: 1000 + at,
    name: `Followers ${at} | fast | refill`,
    category: `Category ${at % 40}`,
    rate: '0.5',
    min: 10,
    max: 100_000,
  }))
  await importServices(db, readServiceList(JSON.stringify([...listed, ...further])))
  const rules = [
    { kind: 'host', pattern: 'evil.example' },
    { kind: 'host', pattern: 'bücher.example' },
    { kind: 'account', pattern: '@badname' },
    { kind: 'account', pattern: 'example.com/bad' },
    { kind: 'word', pattern: 'casino*' },
    { kind: 'word', pattern: 'bad thing' },
    { kind: 'word', pattern: '博彩' },
  ] as const
  const house = houseOf(db, () => now)
  for (const rule of rules) await run(house, houseRuleAdd, { ...rule, reason: 'fuzz' })
  const email = `fuzz-${randomBytes(4).toString('hex')}@example.com`
  const { account, key } = await addFundedAccount(db, { email, currency: 'USD', balance: parseUnits('900000000'), note: 'fuzz' }, now)
  const token = await signedIn(db, email, now)
  const { webhook } = await addWebhook(
    db,
    { secret: await openSecret({ secret: WORLD_SECRET, dataDirectory: '' }), outgoing: { check: () => Promise.resolve(null) } },
    { accountId: account, test: false, url: 'https://hooks.example/docket', events: ['order.*'] },
    now,
  )
  const staff = await run(house, staffKeyAdd, { label: 'fuzz', funds: '1000' })
  return {
    key,
    staffKey: staff.key,
    cookie: `docket-session=${token}; language=en`,
    csrf: formToken(token),
    webhook,
    services: new Map(serviceTypes.map(({ name }, at) => [name, FIRST_SERVICE + at])),
  }
}

async function signedIn(db: Database, email: string, now: Date): Promise<string> {
  const user = await findUserByEmail(db, email)
  const passwordHash = await openPasswords({ memoryCost: 64, timeCost: 1, parallelism: 1 }).hash(randomBytes(16).toString('hex'))
  await db.query('update users set password_hash = $2 where id = $1', [user!.id, passwordHash])
  const visit = { address: '127.0.0.1', agent: 'fuzz', locale: 'en', browser: undefined }
  return (await startSession(db, { userId: user!.id, passwordHash, codeGiven: false }, visit, now))!
}
