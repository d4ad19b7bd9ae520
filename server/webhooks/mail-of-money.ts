import type { Site } from '../customers/account-context.ts'
import { usersOf } from '../customers/users.ts'
import type { Queryable } from '../db/pool.ts'
import { queueMail } from '../mails/queue.ts'
import type { MailName, MailValues } from '../mails/text.ts'
import type { Secret } from '../secret.ts'

/** What mails about money are made with. */
export interface MoneyMails {
  readonly secret: Secret
  readonly site: Site
}

interface MailOfMoney {
  readonly accountId: number
  readonly name: Extract<MailName, 'depositCredited' | 'depositReversed' | 'balanceLow'>
  /** The page that tells more. */
  readonly path: string
  readonly values: MailValues
}

/** Queues a mail to each person of an account, in the transaction of its cause. */
export async function mailOfMoney(
  tx: Queryable,
  { secret, site }: MoneyMails,
  { accountId, name, path, values }: MailOfMoney,
  now: Date,
): Promise<void> {
  const all = { ...values, site: site.name, link: site.url + path }
  for (const { email, locale } of await usersOf(tx, accountId))
    await queueMail(tx, secret, { accountId, recipient: email, name, locale: locale ?? 'en', values: all }, now)
}
