import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync, Visitor } from 'oxc-parser'
import { analyse } from 'scslre'
import { exceptions } from './exceptions.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Where a caller's text is read. */
const FOLDERS = ['server', 'contract', 'cli', 'packages/embedded-postgres/src', 'sdk/src', 'reseller/src']

/** A regular expression as it stands in the code; null where it is put together while the program runs. */
export interface Expression {
  readonly file: string
  readonly line: number
  readonly text: string
  readonly literal: { readonly source: string; readonly flags: string } | null
}

/** Faults in sentences: expressions whose time grows faster than the text they read, and exceptions that nothing needs any more. */
export function slowExpressions(): string[] {
  const all = FOLDERS.flatMap(filesIn).flatMap((file) => expressionsIn(file, readFileSync(path.join(root, file), 'utf8')))
  const slow = all.flatMap((expression) => {
    const fault = faultOf(expression)
    return fault === undefined ? [] : [{ ...expression, fault }]
  })
  const isExcepted = ({ file, text }: Expression) => exceptions.some((each) => each.file === file && text.startsWith(each.expression))
  const unused = exceptions.filter((each) => !slow.some(({ file, text }) => each.file === file && text.startsWith(each.expression)))
  return [
    ...slow.filter((each) => !isExcepted(each)).map(({ file, line, text, fault }) => `${file}:${line} ${text}\n  ${fault}`),
    ...unused.map(({ file, expression }) => `test/expressions/exceptions.ts names ${expression} in ${file}, which is not there or is fast`),
  ]
}

/** Why an expression may take more than linear time; undefined when it cannot. */
export function faultOf({ literal }: Pick<Expression, 'literal'>): string | undefined {
  if (!literal) return 'It is put together while the program runs, so nobody can check it: write it as a literal.'
  const [report] = analyse(literal, { maxReports: 1 }).reports
  if (!report) return undefined
  const character = JSON.stringify(report.character.pick)
  const growth = report.exponential ? 'grows exponentially' : 'grows with the square of the text'
  return report.type === 'Move'
    ? `Its time ${growth}: it begins again at every ${character} of a text that does not match.`
    : `Its time ${growth}: two of its parts take ${character}, and all ways to share a row of them are tried.`
}

function filesIn(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|tsx|mjs)$/.test(name))
    .map((name) => path.join(folder, name))
    .toSorted()
}

/** All regular expressions of a file: literals, and calls of RegExp. */
export function expressionsIn(file: string, code: string): Expression[] {
  const found: Expression[] = []
  const add = ({ start, end }: { start: number; end: number }, literal: Expression['literal']) => {
    found.push({ file, line: code.slice(0, start).split('\n').length, text: code.slice(start, end), literal })
  }
  new Visitor({
    Literal(node) {
      if ('regex' in node) add(node, { source: node.regex.pattern, flags: node.regex.flags })
    },
    NewExpression(node) {
      if (node.callee.type === 'Identifier' && node.callee.name === 'RegExp') add(node, null)
    },
    CallExpression(node) {
      if (node.callee.type === 'Identifier' && node.callee.name === 'RegExp') add(node, null)
    },
  }).visit(parseSync(file, code).program)
  return found
}
