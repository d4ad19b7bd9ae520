import { z } from 'zod'
import { refuse } from '../refusal.ts'
import { changedMethod, type MethodChange, findMethodToSetUp, saveMethod, tryMethod } from '../payments/set-up.ts'
import type { MethodRow } from '../payments/methods.ts'
import { act, changed } from './act.ts'
import { cli, id, percent, text, whole, yesNo } from './fields.ts'
import { bonusTiers, currencyCode, openSettings, secretSettings, sum, typedSettings } from './payment-fields.ts'
import { rowOf } from './rows.ts'

const input = z.object({
  method: cli(id(), { argument: true }).describe('number of the way to pay'),
  name: text(100).trim().min(1, 'It must not be empty.').optional().describe('what customers read'),
  words: text(2000).nullable().optional().describe('your own words for customers who choose it; none: no words'),
  currency: currencyCode().nullable().optional().describe('the currency in which it is paid; none: that of the account'),
  least: sum().nullable().optional().describe('the least that can be paid at once, in the currency of the payer; none: any'),
  most: sum().nullable().optional().describe('the most that can be paid at once; none: any'),
  fee_percent: percent().optional().describe('what the payer pays on top, in per cent'),
  fee_fixed: sum().optional().describe('what the payer pays on top, in the currency of the payer'),
  bonuses: bonusTiers().optional().describe('what is given on top from a sum on, each like "100 USD 5" for 5 per cent; none: nothing'),
  position: whole().optional().describe('its place on the page: the lowest is first'),
  settings: openSettings().optional().describe('settings of the gateway that change, each like account=DE89370400440532013000'),
  secrets: secretSettings().optional().describe('keys and other secrets that change, in the same form; those that are not named stay'),
  private_network: yesNo().optional().describe('whether an address in your own network is allowed'),
})
type Input = z.output<typeof input>

export const paymentMethodSet = act({
  name: 'payment-method set',
  does: 'change a way to pay; new settings of one that is on are tried first',
  permission: 'payments.manage',
  overwrites: true,
  input,
  async prepare(house, given) {
    const secret = await house.secret()
    const row = await findMethodToSetUp(house.db, given.method)
    const wanted = changedMethod(row, changeOf(row, given), secret)
    if (!row.isOn || !asksAnew(row, wanted)) return { secret, worked: false }
    const tested = await tryMethod(await house.payments(), wanted)
    if (!tested.ok) throw refuse('payment_method_fails', tested.words)
    return { secret, worked: true }
  },
  async run({ tx, now }, given, { secret, worked }) {
    const row = await findMethodToSetUp(tx, given.method)
    const before = await rowOf(tx, 'payment methods', row.id)
    const wanted = changedMethod(row, changeOf(row, given), secret)
    await saveMethod(tx, worked ? { ...wanted, workedAt: now, fault: null } : wanted)
    const result = { method: row.id, name: wanted.name, changed: true }
    return { result, ...changed(before, await rowOf(tx, 'payment methods', row.id)) }
  },
  says: ({ name }) => `${name} is changed`,
})

/** A method that reaches something else than before has not been tested. */
function asksAnew(row: MethodRow, wanted: MethodRow): boolean {
  return wanted.workedAt === null || wanted.privateNetwork !== row.privateNetwork
}

function changeOf(row: MethodRow, { method: _method, settings, secrets, ...given }: Input): MethodChange {
  const { fee_percent: feeBasisPoints, fee_fixed: feeFixed, private_network: privateNetwork, ...plain } = given
  const terms = { ...plain, feeBasisPoints, feeFixed, privateNetwork }
  const named = Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined)) as MethodChange
  const change = {
    ...named,
    ...(settings && { settings: typedSettings(row.gateway, settings) }),
    ...(secrets && { secrets: typedSettings(row.gateway, secrets) }),
  }
  if (Object.keys(change).length === 0) throw refuse('nothing_to_change', '--name NAME')
  return change
}
