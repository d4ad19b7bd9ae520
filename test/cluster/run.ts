import { parseArgs } from 'node:util'
import { groupBy } from '../nemesis/history.ts'
import { diceOf } from '../nemesis/dice.ts'
import { modes } from './cluster.ts'
import { whatIsMissing } from './packages.ts'
import { playRound, type Round, tableOf } from './play.ts'
import { ABOUT, faultKinds, faultsOf } from './rounds.ts'
import { closeStages, openStage, reaches } from './stage.ts'

const HELP = `npm run test:cluster [-- options]: three PostgreSQL 15 under Patroni and etcd, each on a machine of its own (a network namespace), HAProxy and two
Docket nodes by the files of deploy/ha, 64 clients that ask again by their retry keys and 16 without. A fault per round, then everything that was
told is compared with what is so.
  --rounds N          how many rounds (default: each fault once)
  --fault a,b         only these, in turn:
${faultKinds.map((kind) => `                        ${kind.padEnd(11)} ${ABOUT[kind]}`).join('\n')}
  --mode ${modes.join('|')}   default quorum; only asynchronous may lose orders, and only in loss
  --reach ${reaches.join('|')}     how the nodes find the server that leads: HAProxy beside them (default), or all three in DATABASE_URL
  --seconds N         how long the clients order per round, at least (default 60); the fault comes after a quarter of it
  --seed N            what the clients ask, and in which order the faults come when there are more rounds than faults (default 1)
  --verbose           what is played, as it is played
  --help
Needs Linux, root, etcd, haproxy, PostgreSQL 15 and Patroni 4.0 or newer (test/cluster/get-patroni.sh).
`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string' },
    fault: { type: 'string' },
    mode: { type: 'string', default: 'quorum' },
    reach: { type: 'string', default: 'haproxy' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    verbose: { type: 'boolean' },
    help: { type: 'boolean' },
  },
})

let isLeaving = false
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => void leave(130))
process.on('uncaughtException', (error) => {
  if (isLeaving) return
  process.stderr.write(`${error.stack}\n`)
  void leave(2)
})

const missing = values.help ? undefined : whatIsMissing()
if (values.help) process.stdout.write(HELP)
else if (missing !== undefined) process.stdout.write(`Skipped: ${missing}\n`)
else await playAll()

/** Takes everything down that was started. */
async function leave(code: number) {
  isLeaving = true
  await closeStages()
  process.exit(code)
}

async function playAll() {
  const { mode, reach, faults, seconds, seed } = readOptions()
  const say = (line: string) => void (values.verbose && process.stdout.write(`    ${line}\n`))
  const stage = await openStage(mode, say, reach)
  const played: { mode: string; round: Round }[] = []
  let failed = 0
  try {
    for (const [index, kind] of faults.entries()) {
      const round = await playRound(stage, { round: index + 1, kind, seconds, seed })
      played.push({ mode, round })
      report(index + 1, round)
      if (round.violations.length > 0) failed += 1
    }
  } finally {
    await stage.close()
  }
  process.stdout.write(`\n${tableOf(played)}\n\n${played.length - failed} passed, ${failed} failed\n`)
  process.exitCode = failed > 0 ? 1 : 0
}

function readOptions() {
  const mode = oneOf(modes, values.mode, '--mode')
  const possible = faultsOf(mode)
  const chosen = values.fault?.split(',').map((name) => oneOf(faultKinds, name, '--fault')) ?? possible
  const wrong = chosen.filter((kind) => !possible.includes(kind))
  if (wrong.length > 0) fail(`${wrong.join(', ')} cannot be played with --mode ${mode}`)
  const seed = whole(values.seed, '--seed')
  const dice = diceOf(seed)
  const rounds = values.rounds === undefined ? chosen.length : whole(values.rounds, '--rounds')
  const faults = Array.from({ length: rounds }, (_, index) =>
    values.fault === undefined && index >= chosen.length ? dice.pick(chosen) : chosen[index % chosen.length]!,
  )
  return { mode, reach: oneOf(reaches, values.reach, '--reach'), faults, seconds: whole(values.seconds, '--seconds'), seed }
}

function oneOf<T extends string>(words: readonly T[], word: string, option: string): T {
  return words.find((each) => each === word) ?? fail(`${option} must be one of ${words.join(', ')}`)
}

function whole(text: string, option: string): number {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : fail(`${option} must be a whole number above zero`)
}

function fail(text: string): never {
  process.stderr.write(`${text}\n`)
  process.exit(2)
}

function report(number: number, round: Round) {
  const seconds = (ms: number) => (ms / 1000).toFixed(1)
  process.stdout.write(
    `round ${number}, ${ABOUT[round.kind]}: ${seconds(round.withoutServiceMs)} s without an acknowledged add, whole after ${seconds(round.wholeAfterMs)} s; ` +
      `${round.acknowledged} acknowledged, ${round.lost} lost, ${round.doubled} doubled, ${round.falselyAcknowledged} falsely acknowledged; ` +
      `longest wait ${seconds(round.longestWaitMs)} s: ${round.violations.length === 0 ? 'passed' : `FAILED, ${round.violations.length} violations`}\n`,
  )
  for (const [kind, cases] of groupBy(round.violations, (each) => each.kind)) {
    process.stdout.write(`  ${cases.length} × ${kind}\n`)
    for (const { told } of cases.slice(0, 3)) process.stdout.write(`      ${told}\n`)
  }
}
