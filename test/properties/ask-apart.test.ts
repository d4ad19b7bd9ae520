import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Outcome, Outgoing } from '../../server/outgoing/fetch.ts'
import { apiV2Supplier } from '../../server/suppliers/api-v2.ts'
import { askApart, type Asked, type WholeRefusal } from '../../server/suppliers/ask-apart.ts'

const refusal = fc.constantFrom<WholeRefusal>(
  { kind: 'whole', words: 'Order is in moderation', concerns: 'one' },
  { kind: 'whole', words: 'Something went wrong', concerns: 'any' },
)
const batch = fc
  .integer({ min: 2, max: 100 })
  .chain((count) => fc.record({ count: fc.constant(count), odd: fc.dictionary(fc.nat(count - 1).map(String), refusal, { maxKeys: 3 }) }))

/** A panel that refuses each list in which there is an odd id, in the words of the first of them. */
function panelWith(odd: Readonly<Record<string, WholeRefusal>>) {
  const asked: (readonly string[])[] = []
  const ask = async (ids: readonly string[]): Promise<Asked<string>> => {
    asked.push(ids)
    const first = ids.find((id) => Object.hasOwn(odd, id))
    return first === undefined ? { kind: 'each', answers: new Map(ids.map((id) => [id, `${id} is fine`])) } : odd[first]!
  }
  return { asked, ask }
}

describe('a list in which some ids are odd', () => {
  test('is asked for in at most 33 calls, and no answer is invented, lost or given to another id', async () => {
    await fc.assert(
      fc.asyncProperty(batch, async ({ count, odd }) => {
        const { asked, ask } = panelWith(odd)
        const ids = Array.from({ length: count }, (_, at) => String(at))
        const { answers, refused, stopped } = await askApart(ids, ask)
        expect(asked.length).toBeLessThanOrEqual(33)
        for (const [id, answer] of answers) expect(answer).toBe(`${id} is fine`)
        for (const [id, words] of refused) expect(words).toEqual(odd[id])
        for (const id of answers.keys()) expect(odd).not.toHaveProperty(id)
        if (!stopped) expect(answers.size + refused.size).toBe(count)
      }),
      { numRuns: 1000 },
    )
  })

  test('with at most two odd ids that say so of themselves, every other id is answered at once', async () => {
    const one: WholeRefusal = { kind: 'whole', words: 'Order is in moderation', concerns: 'one' }
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 3, max: 100 }), fc.nat(99), fc.nat(99), async (count, first, second) => {
        const odd = { [first % count]: one, [second % count]: one }
        const ids = Array.from({ length: count }, (_, at) => String(at))
        const { answers } = await askApart(ids, panelWith(odd).ask)
        expect(answers.size).toBe(count - Object.keys(odd).length)
      }),
      { numRuns: 1000 },
    )
  })

  test('whatever the odd ones answer, the others are not kept waiting for ever', async () => {
    await fc.assert(
      fc.asyncProperty(batch, async ({ count, odd }) => {
        const fine = Array.from({ length: count }, (_, at) => String(at)).filter((id) => !Object.hasOwn(odd, id))
        const left = new Set(fine)
        const { ask } = panelWith(odd)
        // The odd ones come back each time, as if they were never slowed down.
        for (let turn = 0; turn < 60 && left.size > 0; turn += 1) {
          const { answers } = await askApart([...left, ...Object.keys(odd)], ask)
          for (const id of answers.keys()) left.delete(id)
        }
        expect([...left]).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})

describe('an answer to one order', () => {
  const anyPart = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        status: fc.oneof(fc.jsonValue(), fc.constantFrom('Completed', 'Partial', 'Expired', 'Fail', '', 'Status\u0000', '\ud800')),
        remains: fc.oneof(fc.jsonValue(), fc.constantFrom('-5', '9'.repeat(60), '2,5', '1e9', 'N/A')),
        start_count: fc.oneof(fc.jsonValue(), fc.constantFrom('-1', '1.000')),
        charge: fc.oneof(fc.jsonValue(), fc.constantFrom('1.2.3', '-0.5', '9e99', '$1')),
        currency: fc.oneof(fc.jsonValue(), fc.constantFrom('', 'US\u0000D')),
        orders: fc.jsonValue(),
        error: fc.oneof(fc.constant(undefined), fc.jsonValue()),
      },
      { requiredKeys: [] },
    ),
  )
  const standing = { charge: '1', start_count: '2', status: 'In progress', remains: '3', currency: 'USD' }

  test('never throws, holds nothing that a database cannot keep, and changes nothing of what is read of the others', async () => {
    const alone = (await supplierThatSays({ 1: standing, 2: standing }).status(['1', '2'])).get('2')
    await fc.assert(
      fc.asyncProperty(anyPart, async (part) => {
        const told = await supplierThatSays({ 1: part, 2: standing }).status(['1', '2'])
        expect(told.get('2')).toEqual(alone)
        const odd = told.get('1')!
        expect(textsIn(odd).filter((text) => !text.isWellFormed() || /\p{Cc}/u.test(text))).toEqual([])
        if (odd.kind !== 'read') return
        const { status, remains, startCount, cost } = odd.standing
        for (const number of [remains, startCount]) expect(number === null || (number < 2n ** 63n && number > -(2n ** 63n))).toBe(true)
        expect(startCount === null || startCount >= 0n).toBe(true)
        expect(cost === null || /^-?\d+(\.\d{1,12})?$/.test(cost)).toBe(true)
        expect(status === 'Partial' && remains === null).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })
})

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

function supplierThatSays(value: unknown) {
  const answer: Outcome = { kind: 'answered', status: 200, contentType: 'application/json', text: JSON.stringify(value), retryAfter: '' }
  const outgoing: Outgoing = { post: async () => answer, call: async () => answer, check: async () => null, close: async () => undefined }
  return apiV2Supplier({ url: 'https://panel.example/api/v2', key: 'k-e-y', outgoing })
}
