export interface Language {
  /** A BCP 47 tag: the name of the file in locales/, the first part of a page's path, and the page's `lang`. */
  readonly code: string
  /** The name that its speakers use: CLDR's names for some languages are clumsy. */
  readonly name: string
  readonly direction?: 'rtl'
}

export const SOURCE_LANGUAGE = 'en'

/** In the order of the language picker. */
export const languages: readonly Language[] = [
  { code: 'en', name: 'English' },
  { code: 'zh-HK', name: '廣東話（香港）' },
  { code: 'sl', name: 'Slovenščina' },
  { code: 'ar', name: 'العربية', direction: 'rtl' },
  { code: 'es', name: 'Español' },
  { code: 'pt-BR', name: 'Português (Brasil)' },
  { code: 'ru', name: 'Русский' },
  { code: 'tr', name: 'Türkçe' },
  { code: 'hi', name: 'हिन्दी' },
  { code: 'id', name: 'Bahasa Indonesia' },
  { code: 'vi', name: 'Tiếng Việt' },
  { code: 'fr', name: 'Français' },
  { code: 'de', name: 'Deutsch' },
  { code: 'zh-CN', name: '简体中文' },
  { code: 'uk', name: 'Українська' },
  { code: 'fa', name: 'فارسی', direction: 'rtl' },
]

const byCode = new Map(languages.map((language) => [language.code.toLowerCase(), language]))

/** The language with exactly this code, in upper or lower case. */
export function languageByCode(code: string): Language | undefined {
  return byCode.get(code.toLowerCase())
}
