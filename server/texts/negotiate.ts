import { match } from '@formatjs/intl-localematcher'
import Negotiator from 'negotiator'
import { type Language, languageByCode, languages, SOURCE_LANGUAGE } from './languages.ts'

const codes = languages.map((language) => language.code)
const MOST_SUGGESTED = 4
const MOST_REMEMBERED = 1000
/** Matching compares every pair of languages, so it is done once per tag. */
const remembered = new Map<string, Language | null>()

/** The languages that a visitor's browser asks for, best first; only those that we have. */
export function acceptedLanguages(acceptLanguage: string | undefined): Language[] {
  if (acceptLanguage === undefined || acceptLanguage.length > 500) return []
  const wanted = new Negotiator({ headers: { 'accept-language': acceptLanguage } }).languages().slice(0, 10)
  return distinct(wanted.map(closestLanguage))
}

/** The languages suggested in the picker: those that the browser asks for, then those of the address and the country. */
export function suggestedLanguages(
  accepted: readonly Language[],
  hints: { readonly inAddress: Language | undefined; readonly country: string | undefined },
): Language[] {
  const spokenThere = hints.country === undefined ? undefined : languageOfCountry(hints.country)
  return distinct([...accepted, hints.inAddress, spokenThere]).slice(0, MOST_SUGGESTED)
}

/** The best language for a reader of this tag: `yue` and `zh-TW` get zh-HK, `pt` gets pt-BR. */
export function closestLanguage(tag: string): Language | undefined {
  const exact = languageByCode(tag)
  if (exact) return exact
  const known = remembered.get(tag)
  if (known !== undefined) return known ?? undefined
  const found = match1(tag)
  if (remembered.size >= MOST_REMEMBERED) remembered.clear()
  remembered.set(tag, found ?? null)
  return found
}

function match1(tag: string): Language | undefined {
  const locale = localeOf(tag)
  if (!locale) return undefined
  const found = languageByCode(match([tag], codes, SOURCE_LANGUAGE))
  // The matcher answers English when it finds nothing.
  return found?.code === SOURCE_LANGUAGE && locale.language !== SOURCE_LANGUAGE ? undefined : found
}

/** CLDR knows which language most people of a country read. */
function languageOfCountry(country: string): Language | undefined {
  if (!/^[A-Z]{2}$/i.test(country)) return undefined
  const locale = localeOf(`und-${country}`)?.maximize()
  return locale && closestLanguage(locale.toString())
}

function localeOf(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag)
  } catch {
    return undefined
  }
}

function distinct(found: readonly (Language | undefined)[]): Language[] {
  return [...new Set(found.filter((language) => language !== undefined))]
}
