import { createHmac, randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { sepay } from '../../../server/payments/gateways/sepay.ts'
import type { GatewayCase, HookCall } from '../gateway-case.ts'

type Settings = typeof sepay.settings

const ACCOUNT = '0123499999'

export const sepayCase: GatewayCase<Settings> = {
  gateway: sepay,
  currencies: ['VND'],
  signatureMinutes: 5,
  async openFake() {
    const kept = { secret: randomBytes(16).toString('hex'), count: 92_704 }
    const told = new Map<string, string[]>()
    const settings = (): z.input<Settings> => ({
      bank: 'Vietcombank',
      account: ACCOUNT,
      holder: 'NGUYEN VAN A',
      bin: '970436',
      prefix: 'DKT',
      authentication: 'hmac',
      secret: kept.secret,
    })
    const sign = (body: string, { at = new Date() }: { readonly at?: Date | undefined } = {}): HookCall => {
      const timestamp = String(Math.floor(at.getTime() / 1000))
      const signature = createHmac('sha256', kept.secret).update(`${timestamp}.${body}`).digest('hex')
      const headers = { 'X-SePay-Timestamp': timestamp, 'X-SePay-Signature': `sha256=${signature}`, 'Content-Type': 'application/json' }
      return { method: 'POST', query: '', headers, body }
    }
    const transfer = (content: string, amount: number, changes: object = {}) =>
      JSON.stringify({
        id: ++kept.count,
        gateway: 'Vietcombank',
        transactionDate: new Date(Date.now() + 7 * 60 * 60 * 1000).toISOString().slice(0, 19).replace('T', ' '),
        accountNumber: ACCOUNT,
        code: null,
        content,
        transferType: 'in',
        transferAmount: amount,
        accumulated: 19_077_000,
        subAccount: null,
        referenceCode: `MBVCB.${kept.count}`,
        description: `BankAPINotify ${content}`,
        ...changes,
      })
    return {
      settings: settings(),
      rotate() {
        kept.secret = randomBytes(16).toString('hex')
        return settings()
      },
      started: () => 0,
      pay(reference, { amount = '250000' } = {}) {
        // Banks put their own words around the payer's.
        const body = transfer(`MBVCB.3278907687 DKT${reference} chuyen tien tu 0123 toi ${ACCOUNT}`, Number(amount))
        told.set(reference, [...(told.get(reference) ?? []), body])
        return String(kept.count)
      },
      become() {
        // A transfer arrives, or nothing is heard of it.
      },
      hooks: (reference, { at } = {}) => (told.get(reference) ?? []).map((body) => sign(body, { at })),
      foreign: () => [
        sign(transfer('DKTZZZZ99998888 chuyen tien', 50_000)),
        sign(transfer('tien thue nha thang 3', 50_000)),
        sign(transfer('hoan tien', 50_000, { transferType: 'out' })),
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
