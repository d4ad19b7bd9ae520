import { domainToUnicode } from 'node:url'
import type { Queryable } from '../db/pool.ts'
import { hostsIn, hostTable } from './hosts.ts'
import { folded, type ReadLink, readLink } from './text.ts'

/** A link, name or word for which the operator takes no orders. */
export interface HouseRule {
  readonly id: number
  readonly kind: 'host' | 'account' | 'word'
  /** Normalised (normalise.ts). */
  readonly pattern: string
  readonly reason: string
}

/** The parts of an order that rules apply to: its link, and the texts that its type needs. */
export interface Ordered {
  readonly link: string
  readonly parameters: Readonly<Record<string, string>> | null
}

/** The rules in a form that is quick to apply: the cost does not grow with the number of hosts, names and single words. */
export interface HouseRules {
  /** The rule that forbids the order, if one does. */
  forbidding(ordered: Ordered): HouseRule | undefined
}

const RULES = 'select id, kind, pattern, reason from house_rules where removed_at is null order by id'

/** Read after the version of the catalogue, so that a node that sells by a version knows all rules of that version. */
export async function readHouseRules(db: Queryable): Promise<HouseRules> {
  const { rows } = await db.query<HouseRule>({ name: 'house rules', text: RULES })
  return houseRules(rows)
}

/** Fields that hold one address or name per text line. Every other field is read as text. */
const LINK_FIELDS = new Set(['media', 'referring_url', 'username', 'usernames', 'groups'])

export function houseRules(rules: readonly HouseRule[]): HouseRules {
  if (rules.length === 0) return { forbidding: () => undefined }
  const byHost = hostFinder(rules.filter((rule) => rule.kind === 'host'))
  const byAccount = accountFinder(rules.filter((rule) => rule.kind === 'account'))
  const byWord = wordFinder(rules.filter((rule) => rule.kind === 'word'))

  function inLink(link: string): HouseRule | undefined {
    const read = readLink(link)
    return byHost.of(read.host) ?? byAccount(read) ?? byWord(read.text)
  }

  function inField(name: string, value: string): HouseRule | undefined {
    if (LINK_FIELDS.has(name)) return first(value.split(/[\r\n]+/), (line) => (line.trim() === '' ? undefined : inLink(line.trim())))
    const text = folded(value)
    return byHost.mentionedIn(text) ?? byWord(text)
  }

  return {
    forbidding: ({ link, parameters }) => inLink(link) ?? first(Object.entries(parameters ?? {}), ([name, value]) => inField(name, value)),
  }
}

function first<T>(items: Iterable<T>, find: (item: T) => HouseRule | undefined): HouseRule | undefined {
  for (const item of items) {
    const found = find(item)
    if (found) return found
  }
  return undefined
}

const WORDS = /[\p{L}\p{N}\p{M}]+/gu
/** Finds a host and all hosts below it. */
function hostFinder(rules: readonly HouseRule[]) {
  const hosts = hostTable(new Map(rules.map((rule) => [rule.pattern.replace(/^\./, ''), rule])))
  // In a comment people write a host in its own script and without a scheme. A top-level domain alone is not searched for there: it would match after
  // any full stop.
  const inLetters = new Map(
    rules
      .filter((rule) => !rule.pattern.startsWith('.'))
      .flatMap((rule) => [rule.pattern, folded(domainToUnicode(rule.pattern))].map((form) => [form, rule])),
  )
  const written = hostTable(inLetters)
  return {
    of: (host: string) => hosts(host, (rule) => rule),
    mentionedIn: (text: string) => (inLetters.size > 0 ? first(hostsIn(text), (host) => written(host, (rule) => rule)) : undefined),
  }
}

interface Place {
  readonly segments: readonly string[]
  readonly query: readonly (readonly [string, string])[]
  readonly rule: HouseRule
}

/** Finds `@name` anywhere in a link, or a path (`example.com/name`) and everything below it. */
function accountFinder(rules: readonly HouseRule[]): (link: ReadLink) => HouseRule | undefined {
  const names = new Map<string, HouseRule>()
  const places = new Map<string, Place[]>()
  for (const rule of rules) {
    if (rule.pattern.startsWith('@')) names.set(rule.pattern.slice(1), rule)
    else {
      const { host, segments, query } = readLink(rule.pattern)
      places.set(host, [...(places.get(host) ?? []), { segments, query: [...query()], rule }])
    }
  }
  const placesOf = hostTable(places)
  return (link) =>
    names.get(link.name) ??
    first(link.segments, (segment) => names.get(segment)) ??
    placesOf(link.host, (there) => there.find((place) => isBelow(link, place))?.rule)
}

function isBelow(link: ReadLink, { segments, query }: Place): boolean {
  return (
    segments.every((segment, index) => link.segments[index] === segment) &&
    query.every(([name, value]) => folded(link.query().get(name) ?? '') === folded(value))
  )
}

// Scripts without spaces between words: here a word is found anywhere in the text.
const WITHOUT_SPACES = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u

/**
 * Finds whole words; `*` at an end matches any further letters, and any characters but letters may separate several words. Each word of a text is
 * looked up once, so the cost is not the length of the list times that of the text.
 */
function wordFinder(rules: readonly HouseRule[]): (text: string) => HouseRule | undefined {
  const whole = new Map<string, HouseRule>()
  const beginnings = affixes((word, length) => word.slice(0, length))
  const endings = affixes((word, length) => word.slice(-length))
  const phrases = new Map<string, Phrase[]>()
  const anywhere: { readonly text: string; readonly rule: HouseRule }[] = []
  for (const rule of rules) {
    const words = wordsOf(rule.pattern)
    const word = words[0]!
    const [open, openEnded] = [rule.pattern.startsWith('*'), rule.pattern.endsWith('*')]
    if (WITHOUT_SPACES.test(rule.pattern) || (open && openEnded)) anywhere.push({ text: words.join(' '), rule })
    else if (words.length > 1) phrases.set(word, [...(phrases.get(word) ?? []), { words, openEnded, rule }])
    else if (open) endings.add(word, rule)
    else if (openEnded) beginnings.add(word, rule)
    else whole.set(word, rule)
  }

  const ofWord = (word: string) => whole.get(word) ?? beginnings.of(word) ?? endings.of(word)
  return (text) => {
    const words = rules.length > anywhere.length ? wordsOf(text) : []
    return (
      first(words, ofWord) ??
      (phrases.size > 0
        ? first(words.keys(), (at) => phrases.get(words[at]!)?.find((phrase) => isAt(phrase, words, at))?.rule)
        : undefined) ??
      anywhere.find((rule) => text.includes(rule.text))?.rule
    )
  }
}

interface Phrase {
  readonly words: readonly string[]
  /** The last word may have more letters. */
  readonly openEnded: boolean
  readonly rule: HouseRule
}

function isAt({ words, openEnded }: Phrase, text: readonly string[], at: number): boolean {
  return words.every((word, index) => {
    const there = text[at + index]
    return openEnded && index === words.length - 1 ? there?.startsWith(word) : there === word
  })
}

/** Finds words that begin or end with an entry of the list. */
function affixes(cut: (word: string, length: number) => string) {
  const known = new Map<string, HouseRule>()
  const lengths = new Set<number>()
  return {
    add(affix: string, rule: HouseRule) {
      known.set(affix, rule)
      lengths.add(affix.length)
    },
    of: (word: string) => first(lengths, (length) => (length <= word.length ? known.get(cut(word, length)) : undefined)),
  }
}

export function wordsOf(text: string): string[] {
  return text.match(WORDS) ?? []
}
