import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { savedReplyAdd, savedReplyRemove, savedReplySet } from '../../server/acts/saved-reply.ts'
import { speedUpAnswer } from '../../server/acts/speed-up-answer.ts'
import { ticketAssign } from '../../server/acts/ticket-assign.ts'
import { ticketClose, ticketReopen } from '../../server/acts/ticket-close.ts'
import { ticketMerge, ticketPart } from '../../server/acts/ticket-merge.ts'
import { ticketNote } from '../../server/acts/ticket-note.ts'
import { ticketOpen } from '../../server/acts/ticket-open.ts'
import { ticketReply } from '../../server/acts/ticket-reply.ts'
import { ticketSet } from '../../server/acts/ticket-set.ts'
import { refuse } from '../../server/refusal.ts'
import { type TicketState, ticketStates } from '../../server/support/kinds.ts'
import { readMessages } from '../../server/support/messages.ts'
import { listSavedReplies } from '../../server/support/saved-replies.ts'
import { listOpenSpeedUps } from '../../server/support/speed-up.ts'
import { findLivingTicket, listTickets, ordersOfTicket } from '../../server/support/tickets.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { type Json, print, table } from '../output.ts'

const MOST_LISTED = 100
const MOST_MESSAGES = 500

export function addTicketCommands(program: Command) {
  const ticket = program
    .command('ticket')
    .description('what customers ask: list, show, open, reply, note, assign, set, close, reopen, merge, part')
  addList(ticket)
  addShow(ticket)
  for (const act of [ticketReply, ticketNote]) addAct(ticket, act, { amend: readPictures })
  for (const act of [ticketOpen, ticketAssign, ticketSet, ticketClose, ticketReopen, ticketMerge, ticketPart]) addAct(ticket, act) // prettier-ignore

  const reply = program.command('saved-reply').description('texts that staff send often: list, add, set, remove')
  addReplies(reply)
  for (const act of [savedReplyAdd, savedReplySet, savedReplyRemove]) addAct(reply, act)

  const speedUp = program.command('speed-up').description('late orders that customers asked to hurry: list, answer')
  addSpeedUps(speedUp)
  addAct(speedUp, speedUpAnswer)
}

function addList(ticket: Command) {
  ticket
    .command('list')
    .description(`tickets, at most ${MOST_LISTED}: those that wait with the longest wait first, others with the last change first`)
    .addOption(new Option('--state <state>', 'of this state').choices(ticketStates).default('waiting'))
    .option('--json', 'answer in JSON')
    .action(({ state, json }: { state: TicketState } & Json) =>
      withDatabase(async (db) => {
        const tickets = await listTickets(db, { state, kind: null, assignee: null }, { behind: null, most: MOST_LISTED })
        const shown = tickets.map((row) => ({
          ticket: row.id,
          account: row.accountId,
          kind: row.kind,
          subject: row.subject,
          begins: row.begins,
          state: row.state,
          priority: row.priority,
          staff: row.assigneeName,
          orders: row.orders,
          waiting_since: row.waitingSince,
          changed: row.changedAt,
        }))
        const rows = shown.map((row) => [
          String(row.ticket),
          row.priority,
          row.kind,
          String(row.account),
          row.staff ?? '',
          (row.waiting_since ?? row.changed).toISOString(),
          row.subject || row.begins.slice(0, 60).replaceAll('\n', ' '),
        ])
        print(json, shown, rows.length ? table(['ticket', 'priority', 'kind', 'account', 'staff', 'since', ''], rows) : 'None')
      }),
    )
}

function addShow(ticket: Command) {
  ticket
    .command('show')
    .description(`a ticket with its newest ${MOST_MESSAGES} messages, notes and events`)
    .argument('<ticket>', 'its number; that of a merged one leads to the one that goes on')
    .option('--json', 'answer in JSON')
    .action((text: string, options: Json) =>
      withDatabase(async (db) => {
        const id = /^[1-9]\d{0,17}$/.test(text) ? BigInt(text) : 0n
        const found = await findLivingTicket(db, id)
        if (!found) throw refuse('unknown_ticket', id)
        const [orders, messages] = await Promise.all([
          ordersOfTicket(db, found.id),
          readMessages(db, found.id, { withNotes: true, before: null, most: MOST_MESSAGES }),
        ])
        const { kind, subject, state, priority, assigneeName: staff, accountId: account } = found
        const shown = { ticket: found.id, account, kind, subject, state, priority, staff, orders, messages }
        const head = `Ticket ${found.id}  ${state}  ${priority}  ${kind}  account ${account}  ${subject}\nOrders: ${orders.join(', ') || 'none'}`
        const lines = messages.map(({ at, side, who, text: words }) => `${at.toISOString()}  ${side}  ${who}\n${words}`)
        print(options.json, shown, [head, ...lines].join('\n\n'))
      }),
    )
}

function addReplies(reply: Command) {
  reply
    .command('list')
    .description('the texts, the one that is used most first')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const replies = await listSavedReplies(db)
        const shown = replies.map(({ id, name, text, locale, uses, usedAt }) => ({
          reply: id,
          name,
          text,
          language: locale,
          uses,
          used: usedAt,
        }))
        const rows = shown.map((row) => [
          String(row.reply),
          row.name,
          row.language ?? 'all',
          `${row.uses}×`,
          row.text.slice(0, 60).replaceAll('\n', ' '),
        ])
        print(
          options.json,
          shown,
          rows.length ? table(['id', 'name', 'language', 'used', ''], rows) : 'No saved reply yet: docket saved-reply add',
        )
      }),
    )
}

function addSpeedUps(speedUp: Command) {
  speedUp
    .command('list')
    .description('those that nobody has answered, the oldest first')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const asked = await listOpenSpeedUps(db, { behind: 0n, most: MOST_LISTED })
        const shown = asked.map(({ orderId, accountId, askedAt }) => ({ order: orderId, account: accountId, asked: askedAt }))
        const rows = shown.map((row) => [String(row.order), String(row.account), row.asked.toISOString()])
        print(options.json, shown, rows.length ? table(['order', 'account', 'asked'], rows) : 'None')
      }),
    )
}

/** Pictures are named by their files. Throws an Error for a file that cannot be read. */
async function readPictures(input: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { pictures: files } = input
  if (!Array.isArray(files)) return input
  return { ...input, pictures: await Promise.all(files.map((file) => readFile(file as string, 'base64'))) }
}
