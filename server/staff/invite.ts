import type { Site } from '../customers/account-context.ts'
import type { Queryable } from '../db/pool.ts'
import { queueMail } from '../mails/queue.ts'
import type { Secret } from '../secret.ts'
import { makeStaffLink } from './staff-links.ts'

/** Makes a link with which a member of staff chooses a password, and mails it too. Links that they were given before stop working. */
export async function inviteStaff(
  tx: Queryable,
  { secret, site }: { readonly secret: Secret; readonly site: Site },
  member: { readonly id: number; readonly email: string; readonly locale: string | null },
  now: Date,
): Promise<string> {
  await tx.query('delete from staff_links where staff_id = $1', [member.id])
  const { link, until } = await makeStaffLink(tx, site.url, { staffId: member.id, purpose: 'invite' }, now)
  const values = { site: site.name, link, until: until.toISOString() }
  await queueMail(tx, secret, { accountId: null, recipient: member.email, name: 'invite', locale: member.locale ?? 'en', values }, now)
  return link
}
