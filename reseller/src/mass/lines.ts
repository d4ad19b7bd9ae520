import { fieldsByType, fieldsInWords } from '../../../sdk/src/fields.ts'
import type { Order, Service } from '../../../sdk/src/index.ts'
import { exits, Failure } from '../failures.ts'
import { unitsOf } from './money.ts'

/** What the command adds to each line in the result. Where a file has such columns, it is a result: they are left out. */
export const resultColumns = ['order', 'charge', 'state', 'error'] as const

/** The columns of a file, by the header on its first line. */
export interface Columns {
  readonly names: readonly string[]
  /** Which columns hold fields of an order. */
  readonly fields: readonly (readonly [name: string, at: number])[]
  readonly maxCharge: number | null
  /** Columns that mean nothing to a panel: they come back in the result. */
  readonly own: readonly string[]
  /** Columns that stand in the result as they stand in the file. */
  readonly kept: readonly number[]
}

export function columnsOf(file: string, header: readonly string[]): Columns {
  const names = header.map((name) => name.trim().toLowerCase().replaceAll(/[ -]/g, '_'))
  const twice = names.find((name, at) => name !== '' && names.indexOf(name) !== at)
  if (twice !== undefined) throw new Failure(exits.usage, 'incorrect_csv', `${file}: the column "${twice}" is there twice`)
  if (!names.includes('service'))
    throw new Failure(exits.usage, 'incorrect_csv', `${file}: its first line must name the columns, and one of them is "service"`)
  const isField = (name: string) => name === 'service' || Object.hasOwn(fieldsInWords, name)
  const isResult = (name: string) => (resultColumns as readonly string[]).includes(name)
  const maxCharge = names.indexOf('max_charge')
  return {
    names: header,
    fields: names.flatMap((name, at) => (isField(name) ? [[name, at] as const] : [])),
    maxCharge: maxCharge === -1 ? null : maxCharge,
    own: header.filter((_, at) => !isField(names[at]!) && !isResult(names[at]!) && at !== maxCharge),
    kept: names.flatMap((name, at) => (isResult(name) ? [] : [at])),
  }
}

export interface Line {
  readonly order: Order
  readonly maxCharge: string | null
}

/** The order of a line: cells that are empty are not sent. */
export function lineOf({ fields, maxCharge }: Columns, cells: readonly string[]): Line {
  const given = fields.flatMap(([name, at]) => (cells[at]!.trim() === '' ? [] : [[name, cells[at]!] as const]))
  const most = maxCharge === null ? '' : cells[maxCharge]!.trim()
  return { order: Object.fromEntries(given) as unknown as Order, maxCharge: most || null }
}

export interface Checked {
  readonly fault: string | null
  /** About what it will cost, in units; null where that cannot be told before. */
  readonly charge: bigint | null
}

/** What can be told of a line without asking the panel: it has the last word. */
export function check({ names, ...columns }: Columns, cells: readonly string[], services: ReadonlyMap<string, Service>): Checked {
  if (cells.length !== names.length) return wrong(`${cells.length} cells, but ${names.length} columns`)
  const { order, maxCharge } = lineOf({ names, ...columns }, cells)
  const fields = order as unknown as Readonly<Record<string, string>>
  const service = services.get((fields['service'] ?? '').trim())
  if (!service) return wrong(fields['service'] === undefined ? 'service is missing' : `there is no service ${fields['service']}`)
  if (maxCharge !== null && !/^\d{1,15}(\.\d{1,12})?$/.test(maxCharge)) return wrong(`max_charge is no amount: ${maxCharge}`)
  const type = service.type === null ? undefined : fieldsByType[service.type]
  if (!type) return { fault: null, charge: null }
  const needed = [...type.needed, ...type.conditional.flatMap(([name, field, is]) => (fields[field!]?.trim() === is ? [name!] : []))]
  const missing = needed.find((name) => fields[name] === undefined)
  if (missing !== undefined) return wrong(`${missing} is missing (${service.type})`)
  for (const name of WHOLE)
    if (fields[name] !== undefined && !/^\d{1,15}$/.test(fields[name].trim())) return wrong(`${name} is no whole number: ${fields[name]}`)
  return priced(service, type, fields)
}

const WHOLE = ['quantity', 'runs', 'interval', 'min', 'max', 'posts', 'old_posts', 'answer_number'] as const
const wrong = (fault: string): Checked => ({ fault, charge: null })

function priced(service: Service, type: (typeof fieldsByType)[string], fields: Readonly<Record<string, string>>): Checked {
  const { rate, min, max } = service
  if (type.counted === 'child orders') return { fault: null, charge: 0n }
  if (type.counted === 'package') return { fault: null, charge: rate === null ? null : unitsOf(rate) }
  const counted = type.counted === 'quantity' ? Number(fields['quantity']) : linesIn(fields[type.counted]!)
  if (min !== null && counted < min) return wrong(`${type.counted}: ${counted} is less than ${min}`)
  if (max !== null && counted > max) return wrong(`${type.counted}: ${counted} is more than ${max}`)
  const runs = type.runs ? Number(fields['runs'] ?? 1) : 1
  if (runs > 1 && !service.dripfeed) return wrong(`service ${service.service} has no drip-feed`)
  if (runs > 1 && fields['interval'] === undefined) return wrong('interval is missing (drip-feed)')
  return { fault: null, charge: rate === null ? null : (unitsOf(rate) * BigInt(counted) * BigInt(Math.max(1, runs))) / 1000n }
}

function linesIn(text: string): number {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '').length
}
