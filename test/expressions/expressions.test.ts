import { expect, test } from 'vitest'
import { expressionsIn, faultOf, slowExpressions } from './slow-expressions.ts'

const faultsIn = (code: string) => expressionsIn('example.ts', code).map((expression) => faultOf(expression))

const slow = {
  'blanks in front of what is missing': String.raw`text.split(/\s*;\s*q=/)`,
  'labels in front of a dot that is missing': String.raw`const DOTTED = /[\p{L}-]+(?:\.[\p{L}-]+)+/gu`,
  'one character at the end': String.raw`text.replace(/\/+$/, '')`,
  'a repetition in a repetition': String.raw`/^(\w+\s?)*$/.test(text)`,
  'two neighbours that take the same': String.raw`/^\d+[\d.]*x/.exec(text)`,
  'words that are known only while the program runs': 'new RegExp(`^(${words})+$`)',
}
for (const [name, code] of Object.entries(slow)) {
  test(`a slow expression is found: ${name}`, () => expect(faultsIn(code)).toEqual([expect.stringMatching(/time|runs/)]))
}

test('an expression whose time grows with its text alone is fast', () => {
  const code = String.raw`[/^\d{1,18}$/, /[,\r\n]+/g, /^(\/[a-z0-9-]+)+$/, /^"(?:[^"\\]|\\.)*"$/, /\p{Cc}/u]`
  expect(faultsIn(code)).toEqual([undefined, undefined, undefined, undefined, undefined])
})

test('no expression of the server, the contract or the commands takes more than linear time over the text it reads', () => {
  expect(slowExpressions()).toEqual([])
})
