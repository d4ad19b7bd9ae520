import { z } from 'zod'
import { LARGEST_PICTURE } from '../payments/pictures.ts'
import { LONGEST_TEXT, MOST_ORDERS, MOST_PICTURES, ticketKinds } from '../support/kinds.ts'
import { redrawnAll } from '../support/pictures.ts'
import { findTicket, lockTicket, type Ticket } from '../support/tickets.ts'
import { languages } from '../texts/languages.ts'
import type { ActContext, Done } from './act.ts'
import { cli, orderId } from './fields.ts'

const LONGEST_BASE64 = Math.ceil(LARGEST_PICTURE / 3) * 4 + 4
const A_TICKET = 'It must be a positive whole number.'

/** The number of a ticket, as a number or as digits. */
export const ticketNumber = () =>
  cli(z.union([z.int().min(1), z.string().regex(/^[1-9]\d{0,17}$/)], A_TICKET).transform(BigInt), { placeholder: '<ticket>' })

/** The field of acts on a ticket. */
export const theTicket = {
  ticket: cli(ticketNumber(), { argument: true }).describe('number of the ticket; that of a merged one leads to the one that goes on'),
}

export const ticketKind = () => cli(z.enum(ticketKinds, `It must be one of: ${ticketKinds.join(', ')}.`), { placeholder: '<kind>' })

/** The text of a message, in lines. */
export const message = () =>
  cli(
    z.string('Write something.').trim().min(1, 'Write something.').max(LONGEST_TEXT, `It must have at most ${LONGEST_TEXT} characters.`),
    {
      placeholder: '<text>',
    },
  )

/** Pictures that go with a message. They are kept as Docket draws them anew, and not in the log. */
export const pictures = () =>
  cli(z.array(z.string().max(LONGEST_BASE64, 'It is too large.')), { placeholder: '<files>', secret: true, offForms: true })
    .optional()
    .describe(`at most ${MOST_PICTURES} pictures, PNG, JPEG or WebP, each in base64; on the command line files, with commas between them`)

/** Draws the pictures of an act anew, before its transaction begins. Throws a Refusal for whatever is no picture. */
export function drawnAnew(given: readonly string[] = []): Promise<Buffer[]> {
  return redrawnAll(given.map((picture) => Buffer.from(picture, 'base64')))
}

/** Numbers of orders; on the command line with commas between them. */
export const orderIds = () => cli(z.array(orderId()).max(MOST_ORDERS), { placeholder: '<list>' })

/** A language that customers write in. */
export const languageCode = () => {
  const codes = languages.map(({ code }) => code)
  const isOffered = (code: string) => codes.includes(code)
  return cli(z.string().refine(isOffered, `It must be one of: ${codes.join(', ')}.`), { placeholder: '<language>' })
}

export interface TicketResult {
  readonly ticket: bigint
  readonly account: number
  readonly state: string
}

/** Makes a change of a ticket under its lock, and tells how it stood and stands. */
export async function ticketChange(
  { tx }: ActContext,
  id: bigint,
  change: (ticket: Ticket) => Promise<unknown>,
): Promise<Done<TicketResult>> {
  const before = await lockTicket(tx, id)
  await change(before)
  const after = (await findTicket(tx, before.id))!
  return {
    result: { ticket: after.id, account: after.accountId, state: after.state },
    subject: { account: after.accountId },
    before: shown(before),
    after: shown(after),
  }
}

function shown({ state, kind, priority, assignee }: Ticket): object {
  return { state, kind, priority, assignee }
}
