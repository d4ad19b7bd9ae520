import { z } from 'zod'
import { type Queryable, violatedConstraint } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import type { Secret } from '../secret.ts'
import type { Gateway, Tested } from './gateway.ts'
import { gatewayNamed } from './gateways.ts'
import { askGateway, BY_HAND, findMethod, makeHookToken, type MethodRow, partSettings } from './methods.ts'
import type { PaymentContext } from './payments.ts'

/** Values of a gateway's settings by their names. Null takes a value away; what is not named stays as it is. */
export type SettingValues = Readonly<Record<string, unknown>>

/** What an operator changes of a way to pay. */
export interface MethodChange extends Partial<
  Pick<
    MethodRow,
    'name' | 'words' | 'position' | 'currency' | 'least' | 'most' | 'feeBasisPoints' | 'feeFixed' | 'bonuses' | 'privateNetwork'
  >
> {
  readonly settings?: SettingValues
  readonly secrets?: SettingValues
}

/** A way to pay that is not saved yet: switched off, and without limits and fees. */
export function newMethod(gateway: string, name: string): MethodRow {
  const terms = { words: null, currency: null, least: null, most: null, feeBasisPoints: 0, feeFixed: '0', bonuses: [], position: 0 }
  const state = { isOn: false, workedAt: null, fault: null, privateNetwork: false }
  return { id: NOT_SAVED, gateway, name, settings: {}, sealedSecrets: null, hookToken: makeHookToken(), ...terms, ...state }
}

/** No method has this number. */
const NOT_SAVED = 0

/** The method as it would be. Throws a Refusal that names the field that is missing or wrong. */
export function changedMethod(row: MethodRow, { settings = {}, secrets = {}, ...change }: MethodChange, secret: Secret): MethodRow {
  const gateway = gatewayNamed(row.gateway)
  if (!gateway) throw refuse('unknown_gateway', row.gateway)
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  const named = { ...row, ...given }
  checkCurrency(gateway, named.currency)
  if (row.id !== NOT_SAVED && Object.keys(settings).length === 0 && Object.keys(secrets).length === 0) return named
  const known = row.sealedSecrets === null ? {} : (JSON.parse(secret.open(row.sealedSecrets)) as object)
  checkPlaces(gateway, settings, secrets)
  const all = withoutNulls({ ...row.settings, ...known, ...settings, ...secrets })
  const parts = partSettings(gateway, checked(gateway, all))
  const sealedSecrets = Object.keys(parts.secrets).length === 0 ? null : secret.seal(JSON.stringify(parts.secrets))
  return { ...named, settings: parts.open as MethodRow['settings'], sealedSecrets, workedAt: null, fault: null }
}

function checkCurrency({ currencies, title }: Gateway, currency: string | null) {
  if (currency === null || currencies === 'any' || currencies.includes(currency)) return
  throw refuse('incorrect_act_field', 'currency', `${title} takes ${currencies.join(', ')}.`)
}

/** A secret among the open settings would be logged. */
function checkPlaces(gateway: Gateway, settings: SettingValues, secrets: SettingValues) {
  const parts = partSettings(gateway, { ...settings, ...secrets })
  const known = new Set(Object.keys(gateway.settings.shape))
  for (const name of Object.keys(settings)) {
    if (!known.has(name)) throw refuse('incorrect_act_field', `settings.${name}`, 'There is no such setting.')
    if (name in parts.secrets) throw refuse('incorrect_act_field', `settings.${name}`, 'It is a secret: give it among the secrets.')
  }
  for (const name of Object.keys(secrets)) {
    if (!known.has(name) || name in parts.open) throw refuse('incorrect_act_field', `secrets.${name}`, 'There is no such secret.')
  }
}

function withoutNulls(values: SettingValues): SettingValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== ''))
}

function checked(gateway: Gateway, values: SettingValues): SettingValues {
  const parsed = z.strictObject(gateway.settings.shape).safeParse(values)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const name = String(issue!.path[0] ?? '')
  const isSecret = name in partSettings(gateway, { [name]: '' }).secrets
  throw refuse('incorrect_act_field', `${isSecret ? 'secrets' : 'settings'}.${name}`, name in values ? wordsOf(issue!) : 'It is required.')
}

/** An expression says nothing to people. */
function wordsOf({ code, message }: z.core.$ZodIssue): string {
  return code === 'invalid_format' ? 'It does not look like one: check it.' : `${message}.`
}

const ADD = `
  insert into payment_methods (gateway, name, words, position, settings, sealed_secrets, hook_token, currency, least, most, fee_basis_points, fee_fixed,
    bonuses, private_network, worked_at, fault)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9::numeric, $10::numeric, $11, $12::numeric, $13, $14, $15, $16) returning id`
// A sequence is not rolled back, and staff see the number: a dry run takes none.
const TRY = `
  insert into payment_methods (id, gateway, name, words, position, settings, sealed_secrets, hook_token, currency, least, most, fee_basis_points, fee_fixed,
    bonuses, private_network, worked_at, fault)
  values ((select greatest(max(id), pg_sequence_last_value(pg_get_serial_sequence('payment_methods', 'id')::regclass), 0) + 1 from payment_methods), $1, $2, $3, $4, $5, $6, $7, $8, $9::numeric, $10::numeric, $11, $12::numeric, $13, $14,
    $15, $16) returning id`
const SAVE = `
  update payment_methods set name = $2, words = $3, position = $4, settings = $5, sealed_secrets = $6, currency = $8, least = $9::numeric,
    most = $10::numeric, fee_basis_points = $11, fee_fixed = $12::numeric, bonuses = $13, private_network = $14, worked_at = $15, fault = $16
  where id = $17 and gateway = $1 and hook_token = $7 returning id`

/** Saves a way to pay, new or changed; answers its number. Throws a Refusal when its name is taken or its limits do not fit. */
export async function saveMethod(tx: Queryable, row: MethodRow, dryRun = false): Promise<number> {
  const { gateway, name, words, position, settings, sealedSecrets, hookToken, currency, least, most, feeBasisPoints, feeFixed } = row
  const terms = [currency, least, most, feeBasisPoints, feeFixed, JSON.stringify(row.bonuses), row.privateNetwork]
  const values = [gateway, name, words, position, JSON.stringify(settings), sealedSecrets, hookToken, ...terms, row.workedAt, row.fault]
  try {
    const isNew = row.id === NOT_SAVED
    const statement = isNew ? (dryRun ? TRY : ADD) : SAVE
    const { rows } = await tx.query<{ id: number }>(statement, isNew ? values : [...values, row.id])
    return rows[0]!.id
  } catch (error) {
    const constraint = violatedConstraint(error)
    if (constraint === 'one_method_a_name') throw refuse('payment_method_name_taken', name)
    if (constraint === 'limits_fit') throw refuse('payment_limits_do_not_fit')
    throw error
  }
}

/** A way to pay that staff set up. Throws a Refusal when there is none; that of deposits by hand is none. */
export async function findMethodToSetUp(db: Queryable, id: number): Promise<MethodRow> {
  const row = await findMethod(db, id)
  if (!row || row.gateway === BY_HAND) throw refuse('unknown_payment_method', id)
  return row
}

/** Asks a gateway something harmless with these settings, saved or not. */
export async function tryMethod({ gateways }: Pick<PaymentContext, 'gateways'>, row: MethodRow): Promise<Tested> {
  const tested = await askGateway(gateways, row, (gateway) => gateway.test())
  return 'kind' in tested ? { ok: false, words: tested.words } : tested
}

const NOTE_TEST = 'update payment_methods set worked_at = case when $2 then $4 else worked_at end, fault = $3 where id = $1'

export async function noteTested(tx: Queryable, id: number, { ok, words }: Tested, now: Date): Promise<void> {
  await tx.query(NOTE_TEST, [id, ok, ok ? null : words.slice(0, MOST_WORDS), now])
}

const MOST_WORDS = 500

/** Offers a way to pay to customers, or no more. Throws a Refusal when its settings have not worked yet. */
export async function switchMethod(tx: Queryable, row: MethodRow, isOn: boolean): Promise<void> {
  if (isOn && (row.workedAt === null || row.fault !== null)) throw refuse('payment_method_untested')
  await tx.query('update payment_methods set is_on = $2 where id = $1', [row.id, isOn])
}
