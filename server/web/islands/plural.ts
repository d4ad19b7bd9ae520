/** Chooses the plural form of a message for a count, and replaces its # by the number. */
export function pluralText(forms: Readonly<Record<string, string>>, count: number): string {
  const { lang } = document.documentElement
  const wording = forms[`=${count}`] ?? forms[new Intl.PluralRules(lang).select(count)] ?? forms['other']!
  return wording.replace('#', new Intl.NumberFormat(`${lang}-u-nu-latn`).format(count))
}
