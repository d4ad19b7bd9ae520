import { afterAll, expect, test } from 'vitest'
import { whatIsMissing } from './packages.ts'
import { playRound } from './play.ts'
import { closeStages, openStage } from './stage.ts'

const SECONDS = 8

const missing = whatIsMissing()
afterAll(closeStages)

/** A round of what `npm run test:cluster` plays for as long as one likes. */
test.skipIf(missing !== undefined)(
  `no acknowledged order is lost, doubled or another's when the PostgreSQL that leads is killed with its Patroni, and both nodes go on without a restart${missing === undefined ? '' : ` (${missing})`}`,
  async () => {
    const stage = await openStage('quorum', () => {})
    const round = await playRound(stage, { round: 1, kind: 'kill', seconds: SECONDS, seed: 1 })
    expect(round.violations.slice(0, 10)).toEqual([])
    expect(round).toMatchObject({ lost: 0, doubled: 0, falselyAcknowledged: 0 })
    expect(round.acknowledged).toBeGreaterThan(0)
  },
)
