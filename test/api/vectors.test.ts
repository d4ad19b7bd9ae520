import { describe, expect, test } from 'vitest'
import { freshFixture, vectors } from '../support/contract-fixture.ts'
import { openDocket } from '../support/docket.ts'

describe('every contract vector holds against the running server', () => {
  const docket = openDocket()

  for (const vector of vectors.cases) {
    test(`vector: ${vector.name} (${vector.source}, ${vector.encoding})`, async () => {
      const key = await freshFixture(docket.db, docket.clock.now())
      const params = Object.fromEntries(Object.entries(vector.params).map(([name, value]) => [name, value === '$KEY' ? key : value]))
      const answer: unknown = await docket.call(params, vector.encoding)
      if (vector.match === 'contains') expect(answer).toEqual((vector.answer as object[]).map((entry) => expect.objectContaining(entry)))
      else expect(answer).toEqual(shaped(vector.answer))
    })
  }
})

function shaped(expected: unknown): unknown {
  if (expected === '$POSITIVE_INTEGER')
    return expect.toSatisfy((value) => Number.isSafeInteger(value) && (value as number) > 0, 'a positive integer')
  if (expected === '$POSITIVE_INTEGER_STRING') return expect.stringMatching(/^[1-9]\d*$/)
  if (Array.isArray(expected)) return expected.map(shaped)
  if (typeof expected !== 'object' || expected === null) return expected
  return Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, shaped(value)]))
}
