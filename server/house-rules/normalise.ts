import { domainToASCII } from 'node:url'
import { type Refusal, refuse } from '../refusal.ts'
import { type HouseRule, wordsOf } from './rules.ts'
import { folded, readLink } from './text.ts'

/** Turns a pattern that staff typed into the one form that is stored and compared. Throws a Refusal that says what is wrong with it. */
export function normalisePattern(kind: HouseRule['kind'], typed: string): string {
  const text = typed.trim()
  if (text === '' || text.length > 500) throw incorrect('Say what the rule is about, in at most 500 characters')
  switch (kind) {
    case 'host':
      return hostPattern(text)
    case 'account':
      return accountPattern(text)
    case 'word':
      return wordPattern(text)
    default:
      return kind satisfies never
  }
}

/** `https://Example.COM/`, `*.example.com` and `example.com` mean one host and all hosts below it; `.xxx` means a whole top-level domain. */
function hostPattern(text: string): string {
  const bare = text.replace(/^\*\./, '')
  if (/^\.[^.]+$/.test(bare)) {
    const label = domainToASCII(bare.slice(1))
    if (label === '') throw incorrect(`"${text}" is no host`)
    return `.${label}`
  }
  const { host, segments } = readLink(bare)
  if (host === '') throw incorrect(`"${text}" is no host: write example.com, or .xxx for all of a top domain`)
  if (segments.length > 0) throw incorrect(`"${text}" is more than a host: write it as an account`)
  return host
}

/** `@name`, or a path: `example.com/name`, `example.com/profile.php?id=7`. */
function accountPattern(text: string): string {
  if (!text.includes('/')) {
    const name = folded(text).replace(/^@/, '')
    if (name === '' || /\s/.test(name)) throw incorrect(`"${text}" is no name: write @name or example.com/name`)
    return `@${name}`
  }
  const { host, segments, query } = readLink(text)
  if (host === '' || segments.length === 0) throw incorrect(`"${text}" is no account: write @name or example.com/name`)
  const asked = query().size > 0 ? `?${query().toString()}` : ''
  return `${host}/${segments.map(encodeURIComponent).join('/')}${asked}`
}

function wordPattern(text: string): string {
  const pattern = folded(text).replace(/\s+/g, ' ')
  const words = wordsOf(pattern)
  if (words.join('').length < 2) throw incorrect(`"${text}" is too short: a word has at least two letters`)
  if (words.length > 1 && pattern.startsWith('*')) throw incorrect(`"${text}": only a single word may begin with *`)
  return pattern
}

function incorrect(text: string): Refusal {
  return refuse('incorrect_pattern', text)
}
