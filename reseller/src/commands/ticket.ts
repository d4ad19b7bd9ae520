import { randomUUID } from 'node:crypto'
import { InvalidArgumentError } from 'commander'
import type { Ticket, TicketKind, TicketState } from '../../../sdk/src/index.ts'
import { exitOf, exits, Failure } from '../failures.ts'
import { clean, painter, print, table } from '../output.ts'
import { clientOf, type OfPanel, panelFor } from '../panels.ts'
import type { World } from '../world.ts'
import { type Commands, panelCommand } from './command.ts'

type Options = OfPanel & { readonly json?: boolean }
interface Writing extends Options {
  readonly retryKey?: string
}
interface Opening extends Writing {
  readonly kind?: TicketKind
  readonly subject?: string
  readonly orders?: string
}

const KINDS = ['speed_up', 'refill', 'cancel', 'count', 'money', 'other'] as const satisfies readonly TicketKind[]
const STATES = ['waiting', 'answered', 'closed'] as const satisfies readonly TicketState[]

/** What you and the staff of a panel write to each other, on panels that have tickets by API. */
export function addTicket({ program, world, end }: Commands): void {
  const ticket = program.command('ticket').description('Tickets, on panels that have them by API: list, show, open, reply, close.')
  const client = async (options: Options) => clientOf(world, await panelFor(world, options)).tickets
  const { signal } = world
  panelCommand(ticket, 'list', 'Your tickets, the last changed first.')
    .option('--state <state>', `only those that are ${STATES.join(', ')}`, oneOf(STATES))
    .option('--before <ticket>', 'those behind this one, which "next" of an answer in JSON names')
    .action(async (options: Options & { state?: TicketState; before?: string }) => {
      const { state, before } = options
      const { tickets, next } = await (await client(options)).list({ signal, ...(state && { state }), ...(before && { before }) })
      const rows = tickets.map((each) => [each.ticket, each.state, each.kind, each.changed, each.subject])
      print(world, options, { tickets, next }, table(world, ['Ticket', 'State', 'Kind', 'Changed', 'Subject'], rows))
      end(exits.done)
    })
  panelCommand(ticket, 'show', 'A ticket with its newest messages.')
    .argument('<ticket>', 'its number')
    .action(async (id: string, options: Options) => {
      tell(world, options, await (await client(options)).read(id, { signal }))
      end(exits.done)
    })
  panelCommand(ticket, 'open', 'Write to the staff of a panel.')
    .argument('<text>', 'what they read')
    .option('--kind <kind>', `what it is about: ${KINDS.join(', ')}`, oneOf(KINDS))
    .option('--orders <list>', 'the orders that it is about, with commas between')
    .option('--subject <text>', 'in a few words')
    .option('--retry-key <name>', 'your own name for it: the same name opens one ticket')
    .action(async (text: string, options: Opening) => {
      const { kind, subject, orders } = options
      const asked = { text, ...(kind && { kind }), ...(subject && { subject }), ...(orders && { orders: orders.split(',') }) }
      const tickets = await client(options)
      tell(world, options, await named(options, (retryKey) => tickets.open(asked, { signal, retryKey })))
      end(exits.done)
    })
  panelCommand(ticket, 'reply', 'Write in a ticket; a closed one is open again.')
    .argument('<ticket>', 'its number')
    .argument('<text>', 'what the staff read')
    .option('--retry-key <name>', 'your own name for it: the same name writes one message')
    .action(async (id: string, text: string, options: Writing) => {
      const tickets = await client(options)
      tell(world, options, await named(options, (retryKey) => tickets.reply(id, text, { signal, retryKey })))
      end(exits.done)
    })
  panelCommand(ticket, 'close', 'Close a ticket.')
    .argument('<ticket>', 'its number')
    .action(async (id: string, options: Options) => {
      tell(world, options, await (await client(options)).close(id, { signal }))
      end(exits.done)
    })
}

/** Writes under a name, so that a lost answer is asked for again and nothing is written twice. The name is told when the panel stays away. */
async function named<T>({ retryKey = randomUUID() }: Writing, write: (retryKey: string) => Promise<T>): Promise<T> {
  try {
    return await write(retryKey)
  } catch (error) {
    if (exitOf(error, true) !== exits.unknown) throw error
    const words = error instanceof Error ? error.message : String(error)
    throw new Failure(
      exits.unknown,
      'outcome_unknown',
      `${words}. The same with --retry-key ${retryKey} asks again, and writes nothing twice`,
    )
  }
}

function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((each) => each === text)
    if (word === undefined) throw new InvalidArgumentError(`It must be one of: ${words.join(', ')}.`)
    return word
  }
}

function tell(world: World, options: Options, ticket: Ticket): void {
  const { ticket: id, state, kind, subject, orders, messages, page } = ticket
  const paint = painter(world, world.out)
  const head = [`Ticket ${id}`, state, kind, subject].filter((part) => part !== '').map(clean)
  const lines = messages.map(
    ({ from, at, text }) => `${paint(`${clean(at)}  ${clean(from)}`, 'bold')}\n${text.split('\n').map(clean).join('\n')}`,
  )
  const about = orders.length > 0 ? [`Orders: ${orders.map(clean).join(', ')}`] : []
  print(world, options, ticket, [head.join('  '), ...about, clean(page), ...lines].join('\n'))
}
