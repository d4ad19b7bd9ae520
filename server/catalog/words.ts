import type { Service } from './catalogue.ts'

/** What the operator wrote in this language (in small letters), else in its base: `pt-br`, then `pt`. */
export function wordsIn(service: Service, language: string): { name?: string; category?: string; description?: string } {
  if (language === '') return {}
  const byLanguage = new Map(Object.entries(service.translations).map(([name, words]) => [name.toLowerCase(), words]))
  return byLanguage.get(language) ?? byLanguage.get(language.split('-')[0]!) ?? {}
}
