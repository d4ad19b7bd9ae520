import { z } from 'zod'
import { compareDecimals, formatAmount, toMinor } from '../amounts.ts'
import { type Ask, gateway, type Started, type Tested, type TransferLine } from '../gateway.ts'
import { epcCode, isIban, isUpiAddress, upiLink } from './payment-codes.ts'
import { transferOf, whereTo } from './transfers.ts'

const form = z.object({
  ...whereTo,
  bic: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z0-9]{8}([A-Z0-9]{3})?$/)
    .optional(),
  /** Of a coin or a wallet: then the account is an address. */
  network: z.string().trim().max(60).optional(),
  /** What the QR code holds: a SEPA transfer (euro, to an IBAN), a UPI payment (rupees, to a UPI address), or always the same text. */
  code: z.enum(['none', 'sepa', 'upi', 'text']).default('none'),
  codeText: z.string().trim().max(600).optional(),
})
type Settings = z.output<typeof form>

/** A transfer that staff find in their account and approve: the payer gets the account and, where there is one, a code to scan. */
export const manual = gateway({
  name: 'manual',
  title: 'Transfer approved by staff',
  settings: form,
  currencies: 'any',
  collects: 'what comes',
  openMinutes: 3 * 24 * 60,
  open(settings) {
    return {
      async test() {
        const fault = faultOf(settings)
        return fault === null
          ? { ok: true, words: 'Nothing to ask: staff approve each payment.' }
          : ({ ok: false, words: fault } satisfies Tested)
      },
      start: async (ask) => start(settings, ask),
      heard: () => ({ kind: 'forged', why: 'nobody calls about transfers that staff approve' }),
      hookAnswer: null,
    }
  },
})

function faultOf({ code, account, holder, codeText }: Settings): string | null {
  if (code === 'sepa' && !isIban(account)) return 'For a SEPA code the account must be an IBAN, and its check digits must be right.'
  if (code === 'upi' && !isUpiAddress(account)) return 'For a UPI code the account must be a UPI address, like name@bank.'
  if ((code === 'sepa' || code === 'upi') && !holder) return 'The code needs the name of the holder.'
  return code === 'text' && !codeText ? 'The text of the code is missing.' : null
}

function start(settings: Settings, ask: Ask): Started {
  const started = transferOf(settings, ask, ask.reference, { qr: codeOf(settings, ask) })
  if (started.kind !== 'transfer' || !settings.network) return started
  const lines = started.lines.map((line): TransferLine => (line.name === 'account' ? { name: 'address', text: line.text } : line))
  return { ...started, lines: [{ name: 'network', text: settings.network }, ...lines] }
}

const MOST_EUROS = { digits: 999_999_999n, places: 0 }

/** Null where the code of the settings cannot say what is asked: another currency, or parts of a cent. */
function codeOf(settings: Settings, { amount, currency, reference }: Ask): string | null {
  if (faultOf(settings) !== null) return null
  const payee = { account: settings.account, holder: settings.holder ?? '', bic: settings.bic }
  const isWhole = toMinor(amount, currency) !== undefined && amount.digits > 0n && compareDecimals(amount, MOST_EUROS) <= 0n
  if (settings.code === 'sepa') return currency === 'EUR' && isWhole ? epcCode(payee, formatAmount(amount, currency), reference) : null
  if (settings.code === 'upi') return currency === 'INR' && isWhole ? upiLink(payee, formatAmount(amount, currency), reference) : null
  return settings.code === 'text' ? settings.codeText! : null
}
