import { randomInt } from 'node:crypto'
import { inject, describe, expect, test } from 'vitest'
import { USUAL_OTHERS_SHARE } from './requests.ts'
import { playRound, type RoundAsked } from './round.ts'

const asked: Omit<RoundAsked, 'seed'> = {
  requests: 1500,
  connections: 4,
  pipelined: 8,
  furtherServices: 100,
  othersShare: USUAL_OTHERS_SHARE,
  // No limit of a test asks how quick a machine is: silences are told by `npm run fuzz`.
  isTimed: false,
  isOver: () => false,
  say: () => {},
}
/** Another one each time: whatever it finds is found again by it. */
const atChance = randomInt(1_000_000)

describe('a node that is sent anything over every way in', () => {
  test.each([7, atChance])('answers, without a fault of its own, and goes on: seed %i', async (seed) => {
    const round = await playRound(inject('serverUrl'), { ...asked, seed, template: inject('template') })
    expect({ seed, faults: round.faults }).toEqual({ seed, faults: [] })
    expect(round.sent).toBe(asked.requests)
    expect([...round.statuses.keys()].filter((status) => status >= 500 && status !== 503)).toEqual([])
  })
})
