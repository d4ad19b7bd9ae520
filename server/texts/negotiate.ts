import { match } from '@formatjs/intl-localematcher'
import Negotiator from 'negotiator'
import { type Language, languageByCode, languages, SOURCE_LANGUAGE } from './languages.ts'

const codes = languages.map((language) => language.code)
const MOST_SUGGESTED = 4
const MOST_REMEMBERED = 1000
/** Matching weighs every pair of languages: it is done once a tag. */
const remembered = new Map<string, Language | null>()

/** What a visitor reads, best first, as their browser tells: only languages that we have. */
export function acceptedLanguages(acceptLanguage: string | undefined): Language[] {
  if (acceptLanguage === undefined || acceptLanguage.length > 500) return []
  const wanted = new Negotiator({ headers: { 'accept-language': acceptLanguage } }).languages().slice(0, 10)
  return distinct(wanted.map(closestLanguage))
}

/** Suggested in the picker: what the browser asks for, then what the address and the country speak. */
export function suggestedLanguages(
  accepted: readonly Language[],
  hints: { readonly inAddress: Language | undefined; readonly country: string | undefined },
): Language[] {
  const spokenThere = hints.country === undefined ? undefined : languageOfCountry(hints.country)
  return distinct([...accepted, hints.inAddress, spokenThere]).slice(0, MOST_SUGGESTED)
}

/** The language that serves a reader of this tag: `yue` and `zh-TW` read zh-HK, `pt` reads pt-BR. */
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
  // The matcher answers English where it finds nothing.
  return found?.code === SOURCE_LANGUAGE && locale.language !== SOURCE_LANGUAGE ? undefined : found
}

/** CLDR knows what most people of a country read. */
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
