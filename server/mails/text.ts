import type { MessageKey } from '../../contract/message.ts'
import { moneyText } from '../texts/money.ts'
import { languages } from '../texts/languages.ts'
import { closestLanguage } from '../texts/negotiate.ts'
import { type Texts, textsIn } from '../texts/texts.ts'

/** The paragraphs after the text of a mail, in this order. */
type Part = 'unsubscribe' | 'link' | 'once' | 'ignore' | 'notYou' | 'tellUs'

/** All mails. Each has a subject and a text in locales/, and contains only what it must. */
const mails = {
  invite: ['link', 'once'],
  register: ['link', 'once', 'ignore'],
  alreadyRegistered: ['link'],
  reset: ['link', 'once', 'ignore'],
  passwordChanged: ['notYou', 'link'],
  changeMail: ['link', 'once', 'ignore'],
  addressInUse: [],
  mailChanged: ['tellUs'],
  signInLinked: ['notYou', 'link'],
  signInUnlinked: ['notYou', 'link'],
  secondFactorOn: ['notYou', 'link'],
  secondFactorOff: ['notYou', 'link'],
  recoveryCodeUsed: ['notYou', 'link'],
  webhookFailing: ['link'],
  depositCredited: ['link'],
  depositReversed: ['link'],
  balanceLow: ['link'],
  announcements: ['link', 'unsubscribe'],
  childRentMissed: ['link'],
  childSuspended: ['link'],
  ticketAnswered: ['link'],
  ticketWritten: ['link'],
  ticketsWait: ['link'],
} as const satisfies Record<string, readonly Part[]>

export type MailName = keyof typeof mails
export type MailValues = Readonly<Record<string, string | number>>

/** The subject and the plain text of a mail, in English when we do not have the language. `until` is an ISO time;
 * a value like `amountUnits` is shown as `amount`, in the currency of the values. */
export function mailText(locale: string, name: MailName, values: MailValues): { subject: string; text: string } {
  const texts = textsIn(closestLanguage(locale) ?? languages[0]!)
  const shown = {
    ...values,
    ...moneyIn(texts, values),
    ...(values['until'] !== undefined && { until: momentIn(texts, new Date(values['until'])) }),
  }
  const parts = mails[name].map((part) =>
    part === 'link' ? String(values['link']) : texts.text(`mail.${part}` satisfies MessageKey, shown),
  )
  const paragraphs = [texts.text('mail.hello'), texts.text(`mail.${name}.text`, shown), ...parts]
  return { subject: texts.text(`mail.${name}.subject`, shown), text: `${paragraphs.join('\n\n')}\n` }
}

function moneyIn(texts: Texts, values: MailValues): MailValues {
  const units = Object.entries(values).filter(([name]) => name.endsWith('Units'))
  const currency = String(values['currency'])
  return Object.fromEntries(units.map(([name, value]) => [name.slice(0, -'Units'.length), moneyText(texts, BigInt(value), currency)]))
}

function momentIn(texts: Texts, at: Date): string {
  const format = new Intl.DateTimeFormat(texts.language.code, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
  return `${format.format(at)} UTC`
}
