import { refuse } from '../refusal.ts'
import type { Step } from './dump-statements.ts'

const QUOTE = 39
const BACKSLASH = 92

const ESCAPED: Readonly<Record<string, string>> = { 0: '\0', b: '\b', n: '\n', r: '\r', t: '\t', Z: '\u001A' }

/** The next row of an INSERT, or its end; `cut`: there is not enough of the text yet. */
export function readTuple(text: string, start: number): Step {
  let at = start
  for (;;) {
    at = skipBlanks(text, at)
    if (at >= text.length) return { kind: 'cut' }
    const sign = text[at]
    if (sign === ';') return { kind: 'end', end: at + 1 }
    if (sign === '(') break
    if (sign === ',') at += 1
    else if (/[a-z]/i.test(sign!)) {
      // ON DUPLICATE KEY UPDATE …
      const end = text.indexOf(';', at)
      return end === -1 ? { kind: 'cut' } : { kind: 'end', end: end + 1 }
    } else throw refuse('panel_file_unreadable', `The dump has ${JSON.stringify(text[at])} where a row should begin.`)
  }
  at += 1
  const row: (string | null)[] = []
  for (;;) {
    at = skipBlanks(text, at)
    const value = readValue(text, at)
    if (!value) return { kind: 'cut' }
    row.push(value.text)
    at = skipBlanks(text, value.end)
    if (at >= text.length) return { kind: 'cut' }
    if (text[at] === ')') return { kind: 'row', row, end: at + 1 }
    if (text[at] !== ',') throw refuse('panel_file_unreadable', `The dump has ${JSON.stringify(text[at])} behind a value.`)
    at += 1
  }
}

interface Value {
  readonly text: string | null
  readonly end: number
}

function readValue(text: string, at: number): Value | undefined {
  if (text.charCodeAt(at) === QUOTE) return readString(text, at)
  const end = endOfWord(text, at)
  if (end === undefined) return undefined
  const word = text.slice(at, end)
  // _binary 'abc', _utf8mb4'abc', x'6162', N'abc'
  const quoted = skipBlanks(text, end)
  if (text.charCodeAt(quoted) === QUOTE) {
    const value = readString(text, quoted)
    if (!value) return undefined
    return /^x$/i.test(word) ? { text: fromHex(value.text!), end: value.end } : value
  }
  if (quoted >= text.length) return undefined
  if (/^null$/i.test(word)) return { text: null, end }
  if (/^0x[\da-f]*$/i.test(word)) return { text: fromHex(word.slice(2)), end }
  if (/^(true|false)$/i.test(word)) return { text: /^t/i.test(word) ? '1' : '0', end }
  return { text: word, end }
}

/** Where the word ends; undefined: it may go on behind the text. Parentheses of a function, like `now()`, belong to it. */
function endOfWord(text: string, start: number): number | undefined {
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    const sign = text[at]!
    if (sign === '(') depth += 1
    else if (sign === ')') {
      if (depth === 0) return at
      depth -= 1
    } else if (depth === 0 && (sign === ',' || sign === "'" || sign === ' ' || sign === '\n' || sign === '\r' || sign === '\t')) return at
  }
  return undefined
}

function readString(text: string, start: number): Value | undefined {
  let parts = ''
  let from = start + 1
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) {
      const sign = text[at + 1]
      if (sign === undefined) return undefined
      parts += text.slice(from, at) + (ESCAPED[sign] ?? sign)
      at += 1
      from = at + 1
    } else if (code === QUOTE) {
      if (at + 1 >= text.length) return undefined
      if (text.charCodeAt(at + 1) !== QUOTE)
        return { text: parts === '' ? text.slice(from, at) : parts + text.slice(from, at), end: at + 1 }
      parts += text.slice(from, at + 1)
      at += 1
      from = at + 1
    }
  }
  return undefined
}

function fromHex(digits: string): string {
  return Buffer.from(digits, 'hex').toString('utf8')
}

/** Behind blanks and comments between values. */
export function skipBlanks(text: string, start: number): number {
  let at = start
  for (;;) {
    const code = text.charCodeAt(at)
    if (code === 32 || code === 10 || code === 13 || code === 9) at += 1
    else if (code === 47 && text[at + 1] === '*') {
      const end = text.indexOf('*/', at + 2)
      if (end === -1) return text.length
      at = end + 2
    } else return at
  }
}
