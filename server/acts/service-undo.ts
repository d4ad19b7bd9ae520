import { z } from 'zod'
import { changeServices, differences, holdServices, isServiceColumn, refuseClashes, type SomeValues } from '../catalog/change-services.ts'
import { refuse } from '../refusal.ts'
import { readLine, type LogLine } from '../staff/log.ts'
import { act, demand } from './act.ts'
import { lineOfLog } from './fields.ts'

export const serviceUndo = act({
  name: 'service undo',
  does: 'put the values back that services had before a line of the log; refused where they have changed since',
  permission: 'services.manage',
  changesCatalogue: true,
  input: z.object({
    line: lineOfLog(),
  }),
  async run(context, { line }) {
    const { tx } = context
    const found = await readLine(tx, line)
    if (!found) throw refuse('no_such_line', line)
    const rows = undoing(found)
    if (!rows) throw refuse('not_undoable', line, found.act)
    if (rows.some(({ values }) => 'rate' in values)) demand(context, 'service undo', 'services.price')
    const services = rows.map(({ service }) => service)
    const held = await holdServices(tx, services)
    refuseClashes(held, rows)
    const told = differences(held, rows)
    await changeServices(tx, rows)
    const subject = services.length === 1 ? { service: services[0] } : {}
    return { result: { line, changed: Object.keys(told.after.services).length }, subject, ...told }
  },
  says: ({ line, changed }) => `Line ${line} is undone: ${changed} services are as they were`,
})

interface Undone {
  readonly service: number
  readonly values: SomeValues
  /** What the line had made of them: nothing is undone over a later change. */
  readonly seen: SomeValues
}

/** What would undo a line; undefined: it changed no services, or more of them than their values. */
export function undoing({ service, before, after }: Pick<LogLine, 'service' | 'before' | 'after'>): Undone[] | undefined {
  if (before === null || after === null) return undefined
  const [old, fresh] =
    'services' in before && 'services' in after ? [before.services, after.services] : [byNumber(service, before), byNumber(service, after)]
  const rows = Object.entries((old ?? {}) as Record<string, SomeValues>).map(([id, values]) => ({
    service: Number(id),
    values,
    seen: ((fresh ?? {}) as Record<string, SomeValues>)[id] ?? {},
  }))
  const areValues = rows.every(({ values }) => values !== null && typeof values === 'object' && Object.keys(values).every(isServiceColumn))
  return rows.length > 0 && areValues && rows.some(({ values }) => Object.keys(values).length > 0) ? rows : undefined
}

function byNumber(service: number | null, values: object): object {
  return service === null ? {} : { [service]: Object.fromEntries(Object.entries(values).filter(([name]) => name !== 'sync_pause')) }
}
