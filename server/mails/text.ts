import { IntlMessageFormat } from 'intl-messageformat'
import english from './en.json' with { type: 'json' }

export type MailName = keyof typeof english
export type MailValues = Readonly<Record<string, string | number>>

const languages: Readonly<Record<string, typeof english>> = { en: english }

/** The subject and the plain text of a mail. A language that has no texts gets English. */
export function mailText(locale: string, name: MailName, values: MailValues): { subject: string; text: string } {
  const language = [locale, locale.split('-')[0]!].find((each) => Object.hasOwn(languages, each)) ?? 'en'
  const { subject, text } = languages[language]![name]
  const format = (message: string) => String(new IntlMessageFormat(message, language, undefined, { ignoreTag: true }).format({ ...values }))
  return { subject: format(subject), text: format(text) }
}
