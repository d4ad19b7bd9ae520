import type { Site } from '../customers/account-context.ts'
import type { Secret } from '../secret.ts'
import type { House } from './house.ts'

/** What links to choose a password are made with, asked for before the transaction. */
export async function invitationParts(house: House): Promise<{ secret: Secret; site: Site }> {
  return { secret: await house.secret(), site: await house.site() }
}

export function invitationWords(email: string, link: string, mailed: boolean): string {
  const how = mailed ? 'The link is on its way by mail, too.' : 'DOCKET_SMTP_URL is not set: hand the link over yourself.'
  return `For ${email}, once, within a week:\n\n  ${link}\n\n${how}`
}
