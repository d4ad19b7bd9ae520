import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import type { Queryable } from '../db/pool.ts'
import type { Outgoing } from '../outgoing/fetch.ts'
import type { Secret } from '../secret.ts'
import type { Gateway, OpenGateway } from './gateway.ts'
import { gatewayNamed } from './gateways.ts'
import { isSealed } from './sealed-field.ts'

/** From this sum of a deposit on, so much of it is given on top. `from` is in whole currency, like `100`. */
export interface BonusTier {
  readonly currency: string
  readonly from: string
  readonly basis_points: number
}

/** A way to pay in, as the operator set it up. Amounts are decimal texts in the currency of the payer. */
export interface MethodRow {
  readonly id: number
  readonly gateway: string
  readonly name: string
  readonly words: string | null
  readonly position: number
  readonly isOn: boolean
  readonly settings: Readonly<Record<string, unknown>>
  readonly sealedSecrets: Buffer | null
  readonly hookToken: string
  /** Null: that of the account. */
  readonly currency: string | null
  readonly least: string | null
  readonly most: string | null
  readonly feeBasisPoints: number
  readonly feeFixed: string
  readonly bonuses: readonly BonusTier[]
  readonly privateNetwork: boolean
  readonly workedAt: Date | null
  readonly fault: string | null
}

/** The gateway of deposits that staff book. It cannot be switched on, and nobody pays by it. */
export const BY_HAND = 'by hand'

const METHODS = `
  select id, gateway, name, words, position, is_on as "isOn", settings, sealed_secrets as "sealedSecrets", hook_token as "hookToken", currency,
    trim_scale(least)::text as least, trim_scale(most)::text as most, fee_basis_points as "feeBasisPoints", trim_scale(fee_fixed)::text as "feeFixed",
    bonuses, private_network as "privateNetwork", worked_at as "workedAt", fault
  from payment_methods`

/** All but the one by hand, in the order of the funds page. */
export async function readMethods(db: Queryable): Promise<MethodRow[]> {
  return (await db.query<MethodRow>({ name: 'payment methods', text: `${METHODS} where gateway <> '${BY_HAND}' order by position, id` }))
    .rows
}

/** What customers read of every method, those that are off and the one by hand included. */
export async function readMethodNames(db: Queryable): Promise<ReadonlyMap<number, string>> {
  const { rows } = await db.query<{ id: number; name: string }>({ name: 'method names', text: 'select id, name from payment_methods' })
  return new Map(rows.map(({ id, name }) => [id, name]))
}

export async function findMethod(db: Queryable, id: number): Promise<MethodRow | undefined> {
  return (await db.query<MethodRow>({ name: 'payment method', text: `${METHODS} where id = $1`, values: [id] })).rows[0]
}

/** The method that is on and whose hook has this token. */
export async function findMethodOfHook(db: Queryable, token: string): Promise<MethodRow | undefined> {
  const text = `${METHODS} where hook_token = $1 and is_on`
  return (await db.query<MethodRow>({ name: 'payment method of hook', text, values: [token] })).rows[0]
}

export async function methodByHand(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ id: number }>({
    name: 'payments by hand',
    text: `select id from payment_methods where gateway = '${BY_HAND}'`,
  })
  return rows[0]!.id
}

export function makeHookToken(): string {
  return randomBytes(24).toString('base64url')
}

/** What is opened around gateways. */
export interface MethodContext {
  readonly secret: Secret
  /** One for the public internet, one that may also call into the operator's own network. */
  readonly outgoing: (privateNetwork: boolean) => Outgoing
  readonly now: () => Date
}

/** The gateway of this row with its settings and secrets. Throws an Error with a sentence when the settings are not complete. */
export function openMethod(row: MethodRow, { secret, outgoing, now }: MethodContext): OpenGateway {
  const gateway = gatewayNamed(row.gateway)
  if (!gateway) throw new Error(`There is no gateway ${row.gateway} in this version`)
  const secrets = row.sealedSecrets === null ? {} : (JSON.parse(secret.open(row.sealedSecrets)) as object)
  const settings = gateway.settings.safeParse({ ...row.settings, ...secrets })
  if (!settings.success) {
    const [issue] = settings.error.issues
    throw new Error(`${row.name}: ${issue!.path.join('.')} is missing or wrong`)
  }
  return gateway.open(settings.data, { outgoing: outgoing(row.privateNetwork), now })
}

/** Parts settings into what is stored in the open and what is sealed. */
export function partSettings(gateway: Gateway, settings: Readonly<Record<string, unknown>>): { open: object; secrets: object } {
  const fields = Object.entries(settings).filter(([, value]) => value !== undefined)
  const isSecret = ([name]: [string, unknown]) => isSealed((gateway.settings.shape as Record<string, z.ZodType>)[name]!)
  return {
    open: Object.fromEntries(fields.filter((field) => !isSecret(field))),
    secrets: Object.fromEntries(fields.filter(isSecret)),
  }
}

/** Opens the gateways of methods, and keeps each open until its settings change. */
export interface OpenGateways {
  /** Throws an Error with a sentence when the settings are not complete. */
  of(row: MethodRow): OpenGateway
}

export function openGateways(context: MethodContext): OpenGateways {
  const kept = new Map<number, { readonly settings: string; readonly gateway: OpenGateway }>()
  return {
    of(row) {
      const settings = JSON.stringify([row.gateway, row.settings, row.sealedSecrets?.toString('base64'), row.privateNetwork])
      const known = kept.get(row.id)
      if (known?.settings === settings) return known.gateway
      const gateway = openMethod(row, context)
      kept.set(row.id, { settings, gateway })
      return gateway
    },
  }
}

/** Whether the gateway of a method, with the settings that it has, can do what not every gateway can. */
export function gatewayCan(gateways: OpenGateways, row: MethodRow, what: 'look' | 'giveBack' | 'chargeSaved' | 'reported'): boolean {
  try {
    return gateways.of(row)[what] !== undefined
  } catch {
    return false
  }
}

/** Asks the gateway of a method. One whose settings are not complete is as one that does not answer. */
export async function askGateway<Answer>(
  gateways: OpenGateways,
  row: MethodRow,
  call: (gateway: OpenGateway) => Promise<Answer>,
): Promise<Answer | { readonly kind: 'unknown'; readonly words: string }> {
  try {
    return await call(gateways.of(row))
  } catch (error) {
    return { kind: 'unknown', words: error instanceof Error ? error.message : 'The gateway could not be opened' }
  }
}
