import { createHmac, randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { signedHook } from '../../../server/payments/gateways/signed-hook.ts'
import type { GatewayCase, HookCall } from '../gateway-case.ts'

type Settings = typeof signedHook.settings

export const signedHookCase: GatewayCase<Settings> = {
  gateway: signedHook,
  currencies: ['EUR', 'JPY', 'KWD'],
  signatureMinutes: 5,
  async openFake() {
    const keys = [randomBytes(32)]
    const told = new Map<string, string[]>()
    let count = 0
    const settings = (): z.input<Settings> => ({
      bank: 'Bank of Tests',
      account: 'DE89370400440532013000',
      holder: 'Docket Tests',
      secrets: keys.map((key) => `whsec_${key.toString('base64')}`).join(' '),
    })
    const sign = (body: string, options: { readonly at?: Date | undefined } = {}): HookCall => {
      const id = `msg_${++count}`
      const seconds = Math.floor((options.at ?? new Date()).getTime() / 1000)
      const signatures = keys.map((key) => `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`)
      const headers = { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': signatures.join(' ') }
      return { method: 'POST', query: '', headers: { ...headers, 'content-type': 'application/json' }, body }
    }
    const first = settings()
    return {
      settings: first,
      rotate() {
        keys.unshift(randomBytes(32))
        return { ...first, secrets: `whsec_${keys[0]!.toString('base64')}` }
      },
      started: () => 0,
      pay(reference, { amount = '103.00', currency = 'EUR' } = {}) {
        const id = `T${++count}`
        const body = JSON.stringify({ id, amount, currency, reference, at: new Date().toISOString(), payer: 'Ada Müller' })
        told.set(reference, [...(told.get(reference) ?? []), body])
        return id
      },
      become() {
        // A transfer arrives, or nothing is heard of it.
      },
      hooks: (reference, { at } = {}) => (told.get(reference) ?? []).map((body) => sign(body, { at })),
      foreign: () => [
        sign(JSON.stringify({ id: 'T900', amount: '12.00', currency: 'EUR', reference: 'ZZZZ99998888' })),
        sign(JSON.stringify({ kind: 'balance', amount: '12.00', currency: 'EUR' })),
      ],
      sign,
      isAway: false,
      loseNextAnswer() {
        // It is never called.
      },
      calls: [],
      async close() {
        // Nothing is open.
      },
    }
  },
}
