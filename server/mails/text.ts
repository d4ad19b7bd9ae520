import type { MessageKey } from '../../contract/message.ts'
import { languages } from '../web/texts/languages.ts'
import { closestLanguage } from '../web/texts/negotiate.ts'
import { textsIn } from '../web/texts/texts.ts'

/** The mails that there are: each has a subject and a text in locales/. */
export type MailName = MessageKey extends infer Key ? (Key extends `mail.${infer Name}.subject` ? Name : never) : never
export type MailValues = Readonly<Record<string, string | number>>

/** The subject and the plain text of a mail. A language that we do not have gets English. */
export function mailText(locale: string, name: MailName, values: MailValues): { subject: string; text: string } {
  const texts = textsIn(closestLanguage(locale) ?? languages[0]!)
  return { subject: texts.text(`mail.${name}.subject`, values), text: `${texts.text(`mail.${name}.text`, values)}\n` }
}
