import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import { fieldsInWords } from '../../../sdk/src/fields.ts'
import { type Docket, NoAnswer, type Order } from '../../../sdk/src/index.ts'
import { exits, Failure } from '../failures.ts'
import { print } from '../output.ts'
import { clientOf, type OfPanel, panelFor } from '../panels.ts'
import type { World } from '../world.ts'
import { amount, type Commands, panelCommand } from './command.ts'
import { addMass } from './mass.ts'

interface Options extends OfPanel, Readonly<Record<string, unknown>> {
  readonly maxCharge?: string
  readonly retryKey?: string
  readonly quote?: boolean
  readonly json?: boolean
  readonly panel?: string
}

export function addOrder(commands: Commands): void {
  const { program, world } = commands
  const order = panelCommand(program, 'order', 'Place an order. With "mass": all orders of a file.')
    .argument('<service>', 'the number of the service')
    .argument('[link]', fieldsInWords['link']!.about)
    .argument('[quantity]', fieldsInWords['quantity']!.about)
    .option('--quote', 'only tell what it would cost, where the panel tells')
    .option('--max-charge <amount>', 'refuse it when it is dearer, on panels that know a price lock', amount)
    .option('--retry-key <name>', 'your own name for this order: the same name never orders twice, on panels that keep such names')
  addFields(order)
  order.action((service: string, link: string | undefined, quantity: string | undefined, options: Options) =>
    placeOrder(world, orderOf(service, link, quantity, options), options),
  )
  addMass(commands, order)
}

/** An option for each field of the service types, as the API calls it. */
function addFields(order: Command): void {
  for (const [name, { about, inLines }] of Object.entries(fieldsInWords)) {
    if (name === 'link' || name === 'quantity') continue
    const option = new Option(
      `--${name.replaceAll('_', '-')} <${inLines ? 'line' : 'value'}>`,
      about + (inLines ? ' (repeat the option)' : ''),
    )
    if (inLines) option.argParser((line: string, before: readonly string[] | undefined) => [...(before ?? []), line])
    order.addOption(option)
  }
}

function orderOf(service: string, link: string | undefined, quantity: string | undefined, options: Options): Order {
  const given = Object.keys(fieldsInWords).flatMap((name) => {
    const value = options[name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())]
    return value === undefined ? [] : [[name, value] as const]
  })
  // The panel knows which fields its services need.
  return {
    service,
    ...(link !== undefined && { link }),
    ...(quantity !== undefined && { quantity }),
    ...Object.fromEntries(given),
  } as unknown as Order
}

async function placeOrder(world: World, order: Order, options: Options): Promise<void> {
  const { maxCharge, quote, retryKey = `docket-order-${randomUUID()}` } = options
  const panel = clientOf(world, await panelFor(world, options))
  const call = { signal: world.signal, ...(maxCharge !== undefined && { maxCharge }) }
  if (quote) {
    const { charge, currency } = await panel.quote(order, call)
    return print(world, options, { charge, currency }, [charge, currency].filter(Boolean).join(' '))
  }
  const id = await panel.orders.add(order, { ...call, retryKey }).catch((error: unknown) => findOut(panel, retryKey, error))
  print(world, options, { order: id, retry_key: retryKey }, `Order ${id}`)
}

/** After a lost answer: asks once whether the order arrived. */
async function findOut(panel: Docket, retryKey: string, error: unknown): Promise<string> {
  const isStopped = error instanceof Error && error.name === 'AbortError'
  if (!isStopped && (!(error instanceof NoAnswer) || error.nothingDone)) throw error
  const keeps = await panel.orders.keepsRetryKeys().catch(() => null)
  const found = keeps ? await panel.orders.find(retryKey).catch(() => null) : null
  if (found) return found.order
  const words = error instanceof Error ? error.message : ''
  if (keeps === false)
    throw new Failure(
      exits.unknown,
      'outcome_unknown',
      `${words}. It may have been placed, and this panel keeps no retry keys: look at its list of orders before you order again`,
    )
  throw new Failure(
    exits.unknown,
    'outcome_unknown',
    `${words}. It may have been placed: docket-order status --retry-key ${retryKey} tells, and the same order with --retry-key ${retryKey} is placed once`,
  )
}
