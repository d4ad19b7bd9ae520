import type { FastifyInstance } from 'fastify'
import { listMails, readMail } from '../../../mails/mailbox.ts'
import { isFromThisMachine } from '../../../requests/own-machine.ts'
import type { Web } from '../../web.ts'
import { pageContext } from '../page-context.ts'
import { sendSecretPage } from '../../send.ts'

const MOST_SHOWN = 30

/** Links in mails open accounts, so this page is only for trying Docket out, and only for users of this machine. */
export function routeMailbox(pages: FastifyInstance, web: Web) {
  pages.get('/dev/mailbox', async (request, reply) => {
    if (!isFromThisMachine(request)) return reply.callNotFound()
    const { accounts, ui } = await pageContext(web, request, reply)
    const waiting = (await listMails(accounts.db, null, MOST_SHOWN)).filter((mail) => mail.state === 'waiting')
    const mails = await Promise.all(waiting.map((mail) => readMail(accounts.db, accounts.secret, mail.id)))
    return sendSecretPage(reply, (await import('./mailbox.tsx')).mailboxPage(ui, mails))
  })
}
