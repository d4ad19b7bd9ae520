import type { FastifyReply } from 'fastify'
import { accountAdd } from '../../../acts/account-add.ts'
import { accountInvite } from '../../../acts/account-invite.ts'
import { isRefusal } from '../../../refusal.ts'
import { sendSecretPage } from '../../send.ts'
import { type Faults, NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { runOnDesk } from '../act-routes.ts'
import { refusalText } from '../act-words.ts'
import type { DeskContext } from '../desk.ts'
import { bodyOf } from '../settings/settings-routes.ts'
import { readProgress } from './progress.ts'

export async function showCustomer(context: DeskContext, faults: Faults = NO_FAULTS): Promise<FastifyReply> {
  const { customerPage } = await import('./customer.tsx')
  const { email = '', balance = '100' } = bodyOf(context)
  const view = { progress: await readProgress(context.db), email, balance, faults }
  return context.send(customerPage(context, view), faults === NO_FAULTS ? 200 : UNPROCESSABLE)
}

/** Opens the account with its balance, and makes the link with which the customer chooses a password. Key and link are shown this once. */
export async function takeCustomer(context: DeskContext): Promise<FastifyReply> {
  const { email = '', balance = '0' } = bodyOf(context)
  try {
    const { result } = await runOnDesk(context, accountAdd, { email: email.trim(), balance: balance.trim() || '0' })
    const { welcomedPage, waitsPage } = await import('./customer.tsx')
    const progress = await readProgress(context.db)
    // A balance above the daily sum of one person waits for a second one.
    if ('approval' in result) return await context.send(waitsPage(context, progress))
    const { account, key } = result
    const invited = await runOnDesk(context, accountInvite, { account })
    const { link, mailed } = invited.result
    return sendSecretPage(context.reply, welcomedPage(context, progress, { account, email: email.trim(), key, link, mailed }))
  } catch (error) {
    if (!isRefusal(error)) throw error
    const isOfEmail = isRefusal(error, 'incorrect_email', 'email_taken')
    return showCustomer(context, { [isOfEmail ? 'email' : 'form']: refusalText(context.ui.frame.texts, error) })
  }
}
