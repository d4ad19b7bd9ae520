import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Expression, type Node, parseSync, Visitor } from 'oxc-parser'
import { describe, expect, test } from 'vitest'
import { type RefusalRow, refusals } from '../contract/refusals.ts'
import { isAnswer, isRefusal, refuse } from '../server/refusal.ts'
import { staffRefusals } from '../server/staff-refusals.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

describe('a refusal', () => {
  test('has a text, a status and a wait of the table, by its code', () => {
    expect(refuse('not_enough_funds')).toMatchObject({
      message: 'Not enough funds on balance',
      status: 200,
      retryAfter: null,
      kind: 'order',
    })
    expect(refuse('quantity_below_min', 100n)).toMatchObject({ message: 'Quantity less than minimal 100', values: [100n] })
    expect(refuse('too_many_requests', 7)).toMatchObject({ message: 'Too many requests', status: 429, retryAfter: 7, kind: 'now' })
    expect(refuse('country_required')).toMatchObject({ message: 'Incorrect request', kind: 'order' })
    // @ts-expect-error a code that is in no table
    expect(() => refuse('no_such_code')).toThrow(TypeError)
    // @ts-expect-error a text that carries a value, without it
    expect(refuse('quantity_above_max').values).toEqual([])
  })

  test('is asked for by its code, and whether it answers what was asked', () => {
    const [answer, limit] = [refuse('cannot_cancel'), refuse('database_away')]
    expect([isRefusal(answer, 'cannot_cancel'), isRefusal(answer, 'house_rule', 'invalid_key'), isRefusal(answer)]).toEqual([
      true,
      false,
      true,
    ])
    expect([answer, limit, new Error('ours')].map(isAnswer)).toEqual([true, false, false])
  })

  test('stands in one table only', () => {
    expect(Object.keys(refusals).filter((code) => code in staffRefusals)).toEqual([])
  })

  test('has the status of what it is about: answers are HTTP 200, and what may be tried again says when', () => {
    const statuses = { order: [200], request: [200], caller: [200], call: [400, 401, 403, 404, 413, 415], now: [429, 503], fault: [500] }
    for (const [code, row] of Object.entries<RefusalRow>({ ...refusals, ...staffRefusals })) {
      const told = { code, hasItsStatus: statuses[row.kind].includes(row.status), saysWhen: row.retryAfter !== null }
      expect(told).toEqual({ code, hasItsStatus: true, saysWhen: row.kind === 'now' })
    }
  })
})

/** What meets the answers of other servers: texts and statuses of HTTP are all they have. */
const OF_OTHERS = [
  'cli/node_modules',
  'server/web/islands',
  'server/suppliers',
  'server/payments/gateways',
  'server/payments/rate-source.ts',
  'server/move-in',
].map((room) => path.normalize(room))

describe('whoever catches a refusal', () => {
  const sources = ['server', 'cli'].flatMap((room) =>
    readdirSync(path.join(root, room), { recursive: true, encoding: 'utf8' })
      .map((file) => path.join(room, file))
      .filter((file) => /\.tsx?$/.test(file) && !OF_OTHERS.some((others) => file.startsWith(others))),
  )

  test('asks for its code or what it is about, never for its text or its status', () => {
    const asked = sources
      .filter((file) => file !== path.join('server', 'refusal.ts'))
      .flatMap((file) => faultsIn(file, readFileSync(path.join(root, file), 'utf8')))
    expect(sources.length).toBeGreaterThan(100)
    expect(asked).toEqual([])
  })

  const foul: readonly [name: string, source: string][] = [
    ['a text that is compared', 'const is = error.message === other'],
    ['a text that is looked into', "if (error.message.startsWith('Nothing')) go()"],
    ['a text by which cases part', "switch (error.message) { case 'no': break; default: go() }"],
    ['a status that is compared', 'const is = error.status !== 200'],
    ['a status that was taken out', 'const { status } = refusal; const is = 503 === status'],
    ['a refusal by its class', 'const is = error instanceof Refusal'],
    ['a refusal made past the table', "throw new Refusal('no_such', [])"],
    ['cases of a code that may forget one', "switch (error.code) { case 'no': break; default: throw error }"],
  ]
  test.each(foul)('is found where it does otherwise: %s', (_, source) => {
    expect(faultsIn('one.ts', source)).toHaveLength(1)
  })

  test('may tell the text, and name all the cases of a code', () => {
    const fair = "log(error.message); switch (error.code) { case 'no': break; default: return error.code satisfies never }"
    expect(faultsIn('one.ts', `function f() { ${fair} }`)).toEqual([])
  })
})

const COMPARED = new Set(['===', '!==', '==', '!='])
const LOOKED_INTO = new Set(['startsWith', 'endsWith', 'includes', 'match', 'matchAll', 'search', 'indexOf'])

/** Where a source asks what it should not, as `file:line what`. */
function faultsIn(file: string, source: string): string[] {
  const faults: string[] = []
  const note = (node: Node, what: string) => void faults.push(`${file}:${source.slice(0, node.start).split('\n').length} ${what}`)
  new Visitor({
    BinaryExpression(node) {
      const sides = [node.left, node.right] as Expression[]
      if (COMPARED.has(node.operator) && sides.some((side) => isMember(side, 'message'))) note(node, 'compares a text')
      if (COMPARED.has(node.operator) && sides.some(isStatus) && sides.some(isNumber)) note(node, 'compares a status')
      if (node.operator === 'instanceof' && isNamed(node.right, 'Refusal')) note(node, 'asks for the class: isRefusal()')
    },
    CallExpression({ callee }) {
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return
      if (LOOKED_INTO.has(callee.property.name) && isMember(callee.object, 'message')) note(callee, 'looks into a text')
    },
    NewExpression(node) {
      if (isNamed(node.callee, 'Refusal')) note(node, 'makes a refusal past the table: refuse()')
    },
    SwitchStatement(node) {
      if (isMember(node.discriminant, 'message')) note(node, 'parts cases by a text')
      if (!isMember(node.discriminant, 'code')) return
      const last = node.cases.find((one) => one.test === null)
      if (!last || !source.slice(last.start, last.end).includes('satisfies never')) note(node, 'may forget a code: end in never')
    },
  }).visit(parseSync(file, source).program)
  return faults
}

function isMember(node: Expression, name: string): boolean {
  const inner = node.type === 'ChainExpression' ? node.expression : node
  return inner.type === 'MemberExpression' && isNamed(inner.property, name)
}

function isStatus(node: Expression): boolean {
  return isNamed(node, 'status') || isMember(node, 'status')
}

function isNumber(node: Expression): boolean {
  return node.type === 'Literal' && typeof node.value === 'number'
}

function isNamed(node: Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name
}
