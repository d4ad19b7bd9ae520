/** Texts of QR codes that bank apps read, so that the payer types nothing. */

export interface Payee {
  readonly account: string
  readonly holder: string
  readonly bic?: string | undefined
}

const LONGEST_NAME = 70
const LONGEST_TEXT = 140

/** A SEPA transfer in euro: the lines of EPC069-12 ("BCD"), version 2, where the bank's code may be empty. Nothing follows the last line. */
export function epcCode({ account, holder, bic }: Payee, euros: string, text: string): string {
  const name = holder.slice(0, LONGEST_NAME).toWellFormed()
  return ['BCD', '002', '1', 'SCT', bic ?? '', name, bareIban(account), `EUR${euros}`, '', '', text.slice(0, LONGEST_TEXT)].join('\n')
}

/** Whether the check digits of an IBAN are right (ISO 13616: the rest by 97 is 1). */
export function isIban(text: string): boolean {
  const iban = bareIban(text)
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban)) return false
  const digits = (iban.slice(4) + iban.slice(0, 4)).replaceAll(/[A-Z]/g, (letter) => Number.parseInt(letter, 36).toString())
  return BigInt(digits) % 97n === 1n
}

function bareIban(text: string): string {
  return text.replaceAll(' ', '').toUpperCase()
}

/** A payment by UPI as NPCI's linking specification writes it: the payer's app opens with payee, amount and note filled in. */
export function upiLink({ account, holder }: Payee, rupees: string, text: string): string {
  const fields = [
    ['pa', account],
    ['pn', holder],
    ['am', rupees],
    ['cu', 'INR'],
    ['tn', text],
    ['tr', text],
  ] as const
  return `upi://pay?${fields.map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%40', '@')}`).join('&')}`
}

export function isUpiAddress(text: string): boolean {
  return /^[A-Za-z0-9._-]{2,256}@[A-Za-z][A-Za-z0-9.]{1,63}$/.test(text)
}
