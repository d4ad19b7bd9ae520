import { z } from 'zod'
import { refuse } from '../refusal.ts'
import { type LogLine, readLine } from '../staff/log.ts'
import { accountSet } from './account-set.ts'
import { act, type ActContext, type AnyAct, demand, type Done } from './act.ts'
import { lineOfLog } from './fields.ts'
import { groupRates } from './group-rates.ts'
import { groupSet } from './group-set.ts'
import { checkInput } from './run-act.ts'
import { categoryMove, serviceMove } from './service-move.ts'
import { serviceSet } from './service-set.ts'
import { serviceUndo, undoing } from './service-undo.ts'
import { settingsSet } from './settings-set.ts'

export const logUndo = act({
  name: 'log undo',
  does: 'put back what a line of the log has changed: settings, discounts, rates of groups and accounts, the order of categories, services; refused where it has changed since',
  permission: 'log.read',
  overwrites: true,
  changesCatalogue: true,
  input: z.object({
    line: lineOfLog(),
  }),
  async run(context, { line }) {
    const found = await readLine(context.tx, line)
    if (!found) throw refuse('no_such_line', line)
    const way = undoOf(found)
    if (!way) throw refuse('not_undoable', line, found.act)
    demand(context, way.act.name, way.act.permission)
    const { subject, before, after } = await undo(context, found, way)
    return { result: { line, act: found.act }, ...(subject && { subject }), before: before ?? null, after: after ?? null }
  },
  says: ({ line, act: name }) => `Line ${line}, "${name}", is undone`,
})

/** The act that undoes a line, and its fields. */
interface Way {
  readonly act: AnyAct
  readonly input: object
}

async function undo(context: ActContext, line: LogLine, { act: inverse, input }: Way): Promise<Done<object>> {
  const done = await inverse.run(context, checkInput(inverse, input), undefined)
  // An act tells what stood before it: where that is not what the line made, somebody has changed it since.
  if (inverse !== serviceUndo && !stillStands(line.after, done.before)) throw refuse('changed_since', line.line)
  return done
}

function stillStands(made: object | null, stood: object | null | undefined): boolean {
  const now = new Map(Object.entries(stood ?? {}))
  return Object.entries(made ?? {}).every(([name, value]) => JSON.stringify(now.get(name)) === JSON.stringify(value))
}

/** What would undo a line; undefined: it cannot be undone, or its values before are not in the log. */
export function undoOf(line: LogLine): Way | undefined {
  if (line.before === null || line.after === null || Object.keys(line.before).length === 0) return undefined
  const before = line.before as Record<string, unknown>
  const given = line.input as Record<string, unknown>
  const fields = FIELDS[line.act]?.(before, given)
  if (fields) return fields
  return undoing(line) ? { act: serviceUndo, input: { line: String(line.line) } } : undefined
}

type Fields = (before: Readonly<Record<string, unknown>>, given: Readonly<Record<string, unknown>>) => Way | undefined

const FIELDS: Readonly<Record<string, Fields>> = {
  // Of a picture the log has the digest alone.
  'settings set': (before) => ('logo' in before ? undefined : { act: settingsSet, input: before }),
  'group set': ({ name, discount_percent: percent }, { group }) => ({
    act: groupSet,
    input: given({ group, name, discount: text(percent) }),
  }),
  'account set': ({ discount_percent: percent, repeat_window_seconds: window }, { account }) => ({
    act: accountSet,
    input: given({ account, discount: text(percent), repeat_window: window }),
  }),
  'group rates': ({ group, rates }) => ({
    act: groupRates,
    input: {
      group,
      rates: Object.entries(rates as object).map(([service, rate]) => ({ service: Number(service), rate: rate as unknown })),
    },
  }),
  'service set': (before, { service, account }) =>
    Object.keys(before).join() === 'custom_rate'
      ? { act: serviceSet, input: { service, account, custom_rate: before['custom_rate'] } }
      : undefined,
  'service move': ({ order }, { service }) => ({ act: serviceMove, input: { service, ...placeIn(order as unknown[], service) } }),
  'category move': ({ order }, { category }) => ({ act: categoryMove, input: { category, ...placeIn(order as unknown[], category) } }),
}

function text(value: unknown): string | undefined {
  return typeof value === 'number' ? String(value) : undefined
}

function given(input: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
}

/** Where something stood in an order. */
function placeIn(order: readonly unknown[], what: unknown): object {
  const at = order.indexOf(what)
  return at > 0 ? { after: order[at - 1] } : { to: 'first' }
}
