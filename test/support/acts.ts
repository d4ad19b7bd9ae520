import type { ActWith } from '../../server/acts/act.ts'
import type { House } from '../../server/acts/house.ts'
import { type Answer, type Asked, runAct } from '../../server/acts/run-act.ts'
import { readConfig } from '../../server/config.ts'
import { readsOnPrimary } from '../../server/db/long-reads.ts'
import type { Database } from '../../server/db/pool.ts'
import { openSecret } from '../../server/secret.ts'
import { openSettings } from '../../server/settings/settings.ts'
import { machineUser, type StaffActor } from '../../server/staff/actor.ts'

const SECRET = 'a secret of this test, long enough'

/** What acts work with, without a way to suppliers and webhooks but for those that are given. */
export function houseOf(db: Database, now: () => Date = () => new Date(), parts: Partial<House> = {}): House {
  const config = readConfig({}, {})
  const settings = openSettings(config)
  return {
    db,
    longReads: readsOnPrimary,
    config,
    settings: settings.current,
    now,
    secret: () => openSecret({ secret: SECRET, dataDirectory: '/nowhere' }),
    site: () => Promise.resolve({ name: 'Docket', url: 'https://panel.example' }),
    sendsMail: false,
    dailySum: null,
    priceSource: () => Promise.resolve(undefined),
    supplier: () => Promise.resolve(undefined),
    webhookOutgoing: () => Promise.reject(new Error('no webhook is called in this test')),
    payments: () => Promise.reject(new Error('no payment is made in this test')),
    ...parts,
  }
}

export const TESTER = machineUser('tester')

/** Runs an act as somebody on the machine would by its command; answers the result. */
export async function run<Result extends object>(
  house: House,
  act: ActWith<Result>,
  input: object,
  asked: Omit<Asked, 'input'> = {},
): Promise<Result> {
  return (await answerOf(house, act, input, asked)).result
}

export function answerOf<Result extends object>(
  house: House,
  act: ActWith<Result>,
  input: object,
  asked: Omit<Asked, 'input'> = {},
  actor: StaffActor = TESTER,
): Promise<Answer<Result>> {
  return runAct(house, actor, act, { input, ...asked })
}
