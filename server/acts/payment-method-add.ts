import { z } from 'zod'
import { everyGateway } from '../payments/gateways.ts'
import { changedMethod, newMethod, saveMethod } from '../payments/set-up.ts'
import { act } from './act.ts'
import { cli, flag, text } from './fields.ts'
import { openSettings, secretSettings, typedSettings } from './payment-fields.ts'
import { rowOf } from './rows.ts'

const names = everyGateway().map(({ name }) => name)
const ONE_OF = `It must be one of ${names.join(', ')}.`
const gatewayName = () =>
  cli(
    z.string().refine((name) => names.includes(name), ONE_OF),
    { argument: true, placeholder: '<gateway>' },
  )

export const paymentMethodAdd = act({
  name: 'payment-method add',
  does: 'set up a way to pay; customers see it once it was tested and switched on',
  permission: 'payments.manage',
  input: z.object({
    gateway: gatewayName().describe(`one of ${names.join(', ')}`),
    name: text(100).trim().min(1, 'It must not be empty.').describe('what customers read, like "Card" or "Bank transfer"'),
    settings: openSettings().optional().describe('settings of the gateway, each like account=DE89370400440532013000'),
    secrets: secretSettings().optional().describe('keys and other secrets of the gateway in the same form, stored sealed'),
    private_network: flag().describe('allow an address in your own network, like that of your own BTCPay Server'),
  }),
  prepare: (house) => house.secret(),
  async run({ tx, dryRun }, { gateway, name, settings, secrets, private_network: privateNetwork }, secret) {
    const given = { settings: typedSettings(gateway, settings), secrets: typedSettings(gateway, secrets), privateNetwork }
    const method = await saveMethod(tx, changedMethod(newMethod(gateway, name), given, secret), dryRun)
    return { result: { method, name }, after: await rowOf(tx, 'payment methods', method) }
  },
  says: ({ method, name }) =>
    `${name} is set up as ${method}: "docket payment-method test ${method}" tries it, "payment-method on" offers it`,
})
