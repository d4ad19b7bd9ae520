import { type Docket, NoAnswer, PanelRefusal } from '../../../sdk/src/index.ts'
import { codeOf, type Exit, exitOf, exits, worstOf } from '../failures.ts'
import { type Cell, print, table } from '../output.ts'
import { clientOf, type OfPanel, panelFor } from '../panels.ts'
import type { World } from '../world.ts'
import { type Commands, panelCommand } from './command.ts'

type Options = OfPanel & { readonly json?: boolean }
/** The SDK's answer for one id. */
type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }

export function addCancel({ program, world, end }: Commands): void {
  panelCommand(program, 'cancel', 'Ask to cancel orders. That a panel takes the request does not end them yet: see their status.')
    .argument('<order...>', 'orders')
    .action(async (ids: string[], options: Options) => {
      const panel = clientOf(world, await panelFor(world, options))
      const answers = await byHundreds(ids, (some) => panel.orders.cancel(some, { signal: world.signal }))
      end(tellEach(world, options, answers, { name: 'order', changes: true, said: () => ['requested', { cancel: true }] }))
    })
}

export function addRefill({ program, world, end }: Commands): void {
  const refill = panelCommand(program, 'refill', 'Ask for refills of orders. With "status": how refills stand.')
    .argument('<order...>', 'orders')
    .action(async (ids: string[], options: Options) => {
      const panel = clientOf(world, await panelFor(world, options))
      const answers = await byHundreds(ids, (some) => requestRefills(panel, some, world.signal))
      end(tellEach(world, options, answers, { name: 'order', changes: true, said: (id) => [`refill ${id}`, { refill: id }] }))
    })
  panelCommand(refill, 'status', 'How refills stand.')
    .argument('<refill...>', 'refills')
    .action(async (ids: string[], options: Options) => {
      const panel = clientOf(world, await panelFor(world, options))
      const answers = await byHundreds(ids, (some) => panel.refills.statuses(some, { signal: world.signal }))
      end(tellEach(world, options, answers, { name: 'refill', changes: false, said: ({ words }) => [words, { status: words }] }))
    })
}

/** Many panels take no list here, and all take one. */
async function requestRefills(panel: Docket, ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Result<string>>> {
  if (ids.length > 1) return panel.refills.requests(ids, { signal })
  return new Map([[ids[0]!, { ok: true, value: await panel.refills.request(ids[0]!, { signal }) }]])
}

const AT_ONCE = 100

/** Asks for a hundred ids in each call: a call that fails tells nothing about the others. */
async function byHundreds<T>(
  ids: readonly string[],
  ask: (some: readonly string[]) => Promise<ReadonlyMap<string, Result<T>>>,
): Promise<Map<string, Result<T>>> {
  const all = [...new Set(ids)]
  const answers = new Map<string, Result<T>>()
  for (let at = 0; at < all.length; at += AT_ONCE) {
    const some = all.slice(at, at + AT_ONCE)
    try {
      for (const [id, answer] of await ask(some)) answers.set(id, answer)
    } catch (error) {
      const isPanels = error instanceof PanelRefusal || error instanceof NoAnswer
      if (!isPanels) throw error
      for (const id of some) answers.set(id, { ok: false, error })
    }
  }
  return answers
}

interface Telling<T> {
  readonly name: 'order' | 'refill'
  readonly changes: boolean
  /** For people and for programs. */
  readonly said: (value: T) => readonly [string, object]
}

function tellEach<T>(world: World, options: Options, answers: ReadonlyMap<string, Result<T>>, { name, changes, said }: Telling<T>): Exit {
  const rows: (readonly (string | Cell)[])[] = []
  const told: object[] = []
  for (const [id, answer] of answers) {
    const [text, members] = answer.ok ? said(answer.value) : [wordsOf(answer.error), asJson(answer.error)]
    rows.push([id, { text, colour: answer.ok ? undefined : 'red' }])
    told.push({ [name]: id, ...members })
  }
  print(world, options, told, table(world, [name === 'order' ? 'Order' : 'Refill', 'Answer'], rows))
  return exitOfAll(answers, changes)
}

export function exitOfAll(answers: ReadonlyMap<string, Result<unknown>>, changes: boolean): Exit {
  return worstOf([...answers.values()].map((answer) => (answer.ok ? exits.done : exitOf(answer.error, changes))))
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

export function asJson(error: unknown): object {
  return { error: { code: codeOf(error), message: wordsOf(error) } }
}
