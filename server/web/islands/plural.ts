/** A message in its plural forms, with # where the number goes, for a count. */
export function pluralText(forms: Readonly<Record<string, string>>, count: number): string {
  const { lang } = document.documentElement
  const wording = forms[`=${count}`] ?? forms[new Intl.PluralRules(lang).select(count)] ?? forms['other']!
  return wording.replace('#', new Intl.NumberFormat(`${lang}-u-nu-latn`).format(count))
}
