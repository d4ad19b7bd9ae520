export interface SentMail {
  /** The same for every attempt. After a crash between sending and recording, a recipient who gets the mail twice can see that it is one mail. */
  readonly messageId: string
  readonly recipient: string
  readonly subject: string
  readonly text: string
  /** Where mail programs send the wish to get no more of these, by one click (RFC 8058). */
  readonly unsubscribe?: string | undefined
}

export interface MailServer {
  /** Sends a mail and answers what the server said. Throws MailRefused when the address will never accept it. */
  send(mail: SentMail): Promise<string>
}

/** The recipient's server has no such address. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused'
}

const WAITED_MS = 15_000
/** The limit for the whole conversation, however slowly a server answers. Shorter than the postman's lease. */
const LONGEST_MS = 60_000

/**
 * The operator's mail server, by its URL like smtps://user:password@mail.example.com. Each mail has its own connection: mails are few, and the
 * library must not queue one again without our knowledge.
 */
export function openMailServer(url: string, sender: () => string | undefined): MailServer {
  let transport: ReturnType<typeof openTransport> | undefined
  return {
    async send({ messageId, recipient, subject, text, unsubscribe }) {
      const from = sender() ?? ''
      try {
        const opened = await (transport ??= openTransport(url))
        const info = await opened.sendMail({
          from,
          // As an object: a text would be parsed as a list of addresses.
          to: { name: '', address: recipient },
          subject,
          text,
          messageId: `<${messageId}@${domainOf(from)}>`,
          headers: { 'auto-submitted': 'auto-generated', ...(unsubscribe !== undefined && oneClick(unsubscribe)) },
          signal: AbortSignal.timeout(LONGEST_MS),
        })
        return info.response
      } catch (error) {
        const { code, command, responseCode, message } = error as {
          code?: string
          command?: string
          responseCode?: number
          message: string
        }
        const unknown = code === 'EENVELOPE' && command === 'RCPT TO' && responseCode !== undefined && responseCode >= 500
        throw unknown ? new MailRefused(message, { cause: error }) : error
      }
    },
  }
}

/** Loaded by the first mail: a start should not wait for it. */
async function openTransport(url: string) {
  const { createTransport } = await import('nodemailer')
  return createTransport({
    url,
    connectionTimeout: WAITED_MS,
    greetingTimeout: WAITED_MS,
    socketTimeout: WAITED_MS,
    dnsTimeout: WAITED_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

function oneClick(address: string) {
  return { 'list-unsubscribe': `<${address}>`, 'list-unsubscribe-post': 'List-Unsubscribe=One-Click' } as const
}

function domainOf(from: string): string {
  return /@([^\s<>@]+)>?\s*$/.exec(from)?.[1] ?? 'docket.invalid'
}
