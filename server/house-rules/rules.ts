import { domainToUnicode } from 'node:url'
import type { Queryable } from '../db/pool.ts'
import { folded, type ReadLink, readLink } from './text.ts'

/** Something for which the operator takes no orders. */
export interface HouseRule {
  readonly id: number
  readonly kind: 'host' | 'account' | 'word'
  /** Normalised (normalise.ts). */
  readonly pattern: string
  readonly reason: string
}

/** What an order is about: its link, and what its type asks for beside it. */
export interface Ordered {
  readonly link: string
  readonly parameters: Readonly<Record<string, string>> | null
}

/** The rules, ready to be asked: the cost of asking does not grow with the number of hosts, names and single words. */
export interface HouseRules {
  /** The rule that forbids the order, if one does. */
  forbidding(ordered: Ordered): HouseRule | undefined
}

const RULES = 'select id, kind, pattern, reason from house_rules where removed_at is null order by id'

/** Read behind the catalogue's version, so that whoever sells by that version knows every rule it stands for. */
export async function readHouseRules(db: Queryable): Promise<HouseRules> {
  const { rows } = await db.query<HouseRule>({ name: 'house rules', text: RULES })
  return houseRules(rows)
}

/** What is an address or a name, one a line. Everything else is read as text. */
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

const WORD = String.raw`\p{L}\p{N}\p{M}`

/** A host and all under it. */
function hostFinder(rules: readonly HouseRule[]) {
  const hosts = new Map(rules.map((rule) => [rule.pattern.replace(/^\./, ''), rule]))
  // People write a host in a comment in its own letters, and without a scheme.
  const written = new Map([...hosts].flatMap(([host, rule]) => [host, folded(domainToUnicode(host))].map((form) => [form, rule])))
  const forms = [...written.keys()].filter((form) => form.includes('.')).map(escaped)
  const mention = forms.length > 0 ? new RegExp(`(?<![${WORD}-])(?:${forms.join('|')})(?![${WORD}-]|\\.[${WORD}])`, 'u') : undefined
  return {
    of: (host: string) => first(parents(host), (parent) => hosts.get(parent)),
    mentionedIn(text: string) {
      const found = mention?.exec(text)
      return found ? written.get(found[0]) : undefined
    },
  }
}

/** `a.b.c` → a.b.c, b.c, c */
function parents(host: string): string[] {
  const labels = host === '' ? [] : host.split('.')
  return labels.map((_, index) => labels.slice(index).join('.'))
}

interface Place {
  readonly segments: readonly string[]
  readonly query: readonly (readonly [string, string])[]
  readonly rule: HouseRule
}

/** `@name` anywhere in a link, or a place (`example.com/name`) and all below it. */
function accountFinder(rules: readonly HouseRule[]): (link: ReadLink) => HouseRule | undefined {
  const names = new Map<string, HouseRule>()
  const places = new Map<string, Place[]>()
  for (const rule of rules) {
    if (rule.pattern.startsWith('@')) names.set(rule.pattern.slice(1), rule)
    else {
      const { host, segments, query } = readLink(rule.pattern)
      places.set(host, [...(places.get(host) ?? []), { segments, query: [...query], rule }])
    }
  }
  return (link) =>
    names.get(link.name) ??
    first(link.segments, (segment) => names.get(segment)) ??
    first(parents(link.host), (host) => places.get(host)?.find((place) => isAt(link, place))?.rule)
}

function isAt(link: ReadLink, { segments, query }: Place): boolean {
  return (
    segments.every((segment, index) => link.segments[index] === segment) &&
    query.every(([name, value]) => folded(link.query.get(name) ?? '') === folded(value))
  )
}

// Written without spaces between words: there a word is found wherever it stands.
const WITHOUT_SPACES = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u

/** Whole words; `*` at an end stands for any further letters; several words may be parted by anything that is no letter. */
function wordFinder(rules: readonly HouseRule[]): (text: string) => HouseRule | undefined {
  const words = new Map<string, HouseRule>()
  const phrases: { readonly pattern: RegExp; readonly rule: HouseRule }[] = []
  const single = new RegExp(`^[${WORD}]+$`, 'u')
  for (const rule of rules) {
    if (single.test(rule.pattern) && !WITHOUT_SPACES.test(rule.pattern)) words.set(rule.pattern, rule)
    else phrases.push({ pattern: phrasePattern(rule.pattern), rule })
  }
  const everyWord = new RegExp(`[${WORD}]+`, 'gu')
  return (text) =>
    (words.size > 0 ? first(text.matchAll(everyWord), ([word]) => words.get(word)) : undefined) ??
    phrases.find(({ pattern }) => pattern.test(text))?.rule
}

function phrasePattern(pattern: string): RegExp {
  const parts = wordsOf(pattern)
  const startsAnywhere = pattern.startsWith('*') || WITHOUT_SPACES.test(parts[0]![0]!)
  const endsAnywhere = pattern.endsWith('*') || WITHOUT_SPACES.test(parts.at(-1)!.at(-1)!)
  const begin = startsAnywhere ? '' : `(?<![${WORD}])`
  const end = endsAnywhere ? '' : `(?![${WORD}])`
  return new RegExp(`${begin}${parts.map(escaped).join(`[^${WORD}]+`)}${end}`, 'u')
}

export function wordsOf(text: string): string[] {
  return text.match(new RegExp(`[${WORD}]+`, 'gu')) ?? []
}

function escaped(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}-]/g, String.raw`\$&`)
}
