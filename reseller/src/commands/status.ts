import { type Docket, NoAnswer, type OrderState, PanelRefusal } from '../../../sdk/src/index.ts'
import { exits, Failure, worstOf, exitOf, type Exit } from '../failures.ts'
import { type Cell, clean, type Colour, painter, print, table, tell } from '../output.ts'
import { clientOf, type OfPanel, panelFor } from '../panels.ts'
import type { World } from '../world.ts'
import { type Commands, panelCommand, whole } from './command.ts'
import { asJson, exitOfAll, wordsOf } from './on-orders.ts'

interface Options extends OfPanel {
  readonly watch?: boolean
  readonly every?: number
  readonly retryKey?: string
  readonly json?: boolean
}
type Known = { readonly ok: true; readonly value: OrderState } | { readonly ok: false; readonly error: unknown }

export function addStatus({ program, world, end }: Commands): void {
  panelCommand(program, 'status', 'How orders stand.')
    .argument('[order...]', 'orders')
    .option('-w, --watch', 'go on until all of them have ended, and tell what changes')
    .option('--every <seconds>', 'with --watch: seconds between two looks, else 5 with a feed and 60 without', whole)
    .option('--retry-key <name>', 'the order that was placed under this name')
    .action(async (ids: string[], options: Options) => end(await status(world, ids, options)))
}

async function status(world: World, named: readonly string[], options: Options): Promise<Exit> {
  const { retryKey, watch } = options
  if ((named.length === 0) === (retryKey === undefined)) throw new Failure(exits.usage, 'usage', 'Name orders, or one --retry-key')
  const panel = clientOf(world, await panelFor(world, options))
  const ids = retryKey === undefined ? named : [await orderUnder(panel, retryKey, world)]
  if (watch) return watchOrders(world, panel, ids, options)
  const answers = await panel.orders.statuses(ids, { signal: world.signal })
  const told = [...answers].map(([id, answer]) => asAnswer(id, answer))
  const rows = [...answers].map(([id, answer]) => rowOf(id, answer))
  print(world, options, told, table(world, ['Order', 'Status', 'Charge', 'Start', 'Remains', ''], rows))
  return exitOfAll(answers, false)
}

async function orderUnder(panel: Docket, retryKey: string, { signal }: World): Promise<string> {
  if (!(await panel.orders.keepsRetryKeys({ signal })))
    throw new Failure(exits.refused, 'no_retry_keys', 'This panel keeps no retry keys: look at its list of orders')
  const found = await panel.orders.find(retryKey, { signal })
  if (found === null) throw new Failure(exits.refused, 'incorrect_order', `Nothing was ordered under ${retryKey}`)
  return found.order
}

/** One line per change. Ends when all have ended, or with Ctrl-C. */
async function watchOrders(world: World, panel: Docket, ids: readonly string[], options: Options): Promise<Exit> {
  const paint = painter(world, world.out)
  const ends = new Set<Exit>()
  const onTrouble = (error: PanelRefusal | NoAnswer) => tell(world, options, `${error.message} (it goes on)`)
  const everyMs = options.every === undefined ? {} : { everyMs: options.every * 1000 }
  for await (const change of panel.orders.watch({ orders: ids, signal: world.signal, onTrouble, ...everyMs })) {
    if (!change.ok) ends.add(exitOf(change.error, false))
    const [id, ...cells] = rowOf(change.order, change).map((cell) => (typeof cell === 'string' ? { text: cell } : cell))
    const text = cells.filter((cell) => cell.text !== '').map((cell) => paint(clean(cell.text), cell.colour))
    const [charge, start, remains] = change.ok ? [change.value.charge, change.value.start_count, change.value.remains] : []
    const facts = [
      charge && `charge ${charge}`,
      start !== null && start !== undefined && `start ${start}`,
      typeof remains === 'number' && `remains ${remains}`,
    ]
    print(world, options, asAnswer(change.order, change), [id!.text, text[0], ...facts.filter(Boolean)].join('  '))
  }
  return worstOf(ends)
}

function asAnswer(order: string, answer: Known): object {
  if (!answer.ok) return { order, ...asJson(answer.error) }
  const { words, status, more: _more, ...rest } = answer.value
  return { order, status: status ?? words, ...rest }
}

const COLOURS: Readonly<Record<string, Colour>> = { Completed: 'green', Partial: 'yellow', Canceled: 'red', Expired: 'red' }

function rowOf(order: string, answer: Known): readonly (string | Cell)[] {
  if (!answer.ok) return [order, { text: wordsOf(answer.error), colour: 'red' }, '', '', '', '']
  const { status, words, charge, currency, start_count: start, remains, runs, posts } = answer.value
  const further = [runs !== null && `${runs} runs`, posts !== null && `${posts} posts`].filter(Boolean).join(', ')
  const cell = { text: status ?? words, colour: COLOURS[status ?? ''] }
  return [order, cell, [charge, currency].filter(Boolean).join(' '), String(start ?? ''), String(remains ?? ''), further]
}
