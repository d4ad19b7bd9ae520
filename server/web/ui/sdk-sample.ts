import { type FieldKind, serviceTypes } from '../../../contract/service-types.ts'
import { onePiece, type SampleCall, singleQuoted } from './sample-call.ts'

/** The lines with which each program of the SDK begins. */
export function sdkClient(address: string, key: string): string {
  return `// npm install @docket/sdk
import { Docket } from '@docket/sdk'

const docket = new Docket({
  url: ${singleQuoted(address)},
  key: ${singleQuoted(key)},
})`
}

/** One call with the SDK for TypeScript. */
export function sdkSample({ address, parameters, type }: SampleCall): string {
  const { key = '', action = '', ...given } = Object.fromEntries(parameters)
  return `${sdkClient(address, key)}\nconsole.log(await docket.${calling(action, given, type)})`
}

type Given = Readonly<Record<string, string | undefined>>

function calling(action: string, given: Given, type?: string): string {
  const { order, orders, refill, refills, since, extended, explain, idempotency_key: retryKey } = given
  const more = extended === undefined ? '' : ', { extended: true }'
  switch (action) {
    case 'balance':
      return 'balance()'
    case 'services':
      return `services(${extended === undefined ? '' : '{ extended: true }'})`
    case 'add':
      return `orders.add(${ordered(given, type)})`
    case 'quote':
      return `quote(${ordered(given, type)})`
    case 'status':
      if (explain !== undefined) break
      if (orders !== undefined) return `orders.statuses(${ids(orders)}${more})`
      return order === undefined ? `orders.find(${singleQuoted(retryKey ?? '')})` : `orders.status(${onePiece(order)}${more})`
    case 'cancel':
      return `orders.cancel(${ids(orders ?? '')})`
    case 'changes':
      return `orders.changes(${since === undefined ? '' : singleQuoted(since)})`
    case 'refill':
      return orders === undefined ? `refills.request(${onePiece(order ?? '')})` : `refills.requests(${ids(orders)})`
    case 'refill_status':
      return refills === undefined ? `refills.status(${onePiece(refill ?? '')})` : `refills.statuses(${ids(refills)})`
  }
  const fields = Object.entries(given).map(([name, value]) => `${name}: ${singleQuoted(value!)}`)
  return `call(${[singleQuoted(action), ...(fields.length > 0 ? [`{ ${fields.join(', ')} }`] : [])].join(', ')})`
}

function ids(list: string): string {
  return `[${list.split(',').map(onePiece).join(', ')}]`
}

const kinds: ReadonlyMap<string, FieldKind> = new Map([
  ['service', 'whole'],
  ...serviceTypes.flatMap(({ fields }) => fields.map(({ name, kind }) => [name, kind] as const)),
])

function ordered({ idempotency_key: retryKey, max_charge: maxCharge, ...order }: Given, type = 'Default'): string {
  const named = type === 'Default' ? [] : [`  type: ${singleQuoted(type)},`]
  const lines = Object.entries(order).map(([name, value]) => `  ${name}: ${fieldOf(kinds.get(name), value!)},`)
  const options = [
    ...(retryKey === undefined ? [] : [`retryKey: ${singleQuoted(retryKey)}`]),
    ...(maxCharge === undefined ? [] : [`maxCharge: ${singleQuoted(maxCharge)}`]),
  ]
  return `{\n${[...named, ...lines].join('\n')}\n}${options.length > 0 ? `, { ${options.join(', ')} }` : ''}`
}

function fieldOf(kind: FieldKind | undefined, value: string): string {
  if (kind === 'lines') return `[${value.split('\n').map(singleQuoted).join(', ')}]`
  return kind === 'whole' || kind === 'quantity' ? onePiece(value) : singleQuoted(value)
}
