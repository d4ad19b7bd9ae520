import { z } from 'zod'
import { formatAmount } from '../amounts.ts'
import { gateway, type TransferLine } from '../gateway.ts'

const line = (most: number) => z.string().trim().max(most).optional()

/**
 * Whatever people use to pay each other: the payer reads where to send the money, and staff see it arrive and approve the payment. The words of the
 * method say the rest.
 */
export const manual = gateway({
  name: 'manual',
  title: 'Manual payment',
  settings: z.object({
    bank: line(100),
    account: line(100),
    holder: line(100),
    /** The text of a QR code, as the payer's own app reads it. */
    qr: line(1000),
  }),
  currencies: 'any',
  collects: 'what comes',
  openMinutes: 7 * 24 * 60,
  open({ bank, account, holder, qr }) {
    return {
      async test() {
        return { ok: true, words: 'Nothing to ask. Staff approve each payment.' }
      },
      async start(ask) {
        const lines: readonly TransferLine[] = [
          { name: 'bank', text: bank ?? '' },
          { name: 'account', text: account ?? '' },
          { name: 'holder', text: holder ?? '' },
          { name: 'amount', text: formatAmount(ask.amount, ask.currency) },
          { name: 'reference', text: ask.reference },
        ]
        return { kind: 'transfer', theirId: null, lines: lines.filter(({ text }) => text !== ''), qr: qr || null }
      },
      heard() {
        return { kind: 'forged', why: 'nobody calls about manual payments' }
      },
      hookAnswer: null,
    }
  },
})
