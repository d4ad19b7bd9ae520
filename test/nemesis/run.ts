import { parseArgs } from 'node:util'
import { type FaultKind, faultKinds, planOf } from './plan.ts'
import { playSeed, type Verdict } from './play.ts'
import { groupBy } from './history.ts'
import type { Stage } from './stage.ts'

const HELP = `npm run test:nemesis [-- options]: plays faults against real servers and checks from outside every answer they gave.
  --seed N            one seed (default 1)
  --from N --seeds N  several, one after another
  --seconds N         traffic per seed (default 60)
  --nodes 1|2         else as the seed says
  --database embedded|url
  --faults a,b        only these of: ${faultKinds.join(', ')}
  --other-version X   the second node runs another version: a folder, or a commit of this repository
  --verbose           what is played, as it is played
A seed decides set-up, faults, their times and what each client asks. In which order the servers then do what is up to them,
so a failing seed may need several runs.
`

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    from: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '60' },
    nodes: { type: 'string' },
    database: { type: 'string' },
    faults: { type: 'string' },
    'other-version': { type: 'string' },
    verbose: { type: 'boolean' },
    help: { type: 'boolean' },
  },
})

let stage: Stage | undefined
let isLeaving = false
// What breaks while everything is taken down is no news.
process.on('uncaughtException', (error) => {
  if (isLeaving) return
  process.stderr.write(`${error.stack}\n`)
  void (stage?.close() ?? Promise.resolve()).finally(() => process.exit(2))
})
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    isLeaving = true
    void (stage?.close() ?? Promise.resolve()).finally(() => process.exit(130))
  })
}

if (values.help) process.stdout.write(HELP)
else await playAll()

async function playAll() {
  const first = Number(values.seed ?? values.from)
  const count = values.seed === undefined ? Number(values.seeds) : 1
  let failed = 0
  for (let seed = first; seed < first + count; seed += 1) {
    const verdict = await playSeed(
      planOf({
        seed,
        seconds: Number(values.seconds),
        nodes: values.nodes === undefined ? undefined : (Number(values.nodes) as 1 | 2),
        database: values.database as 'embedded' | 'url' | undefined,
        faults: values.faults?.split(',') as FaultKind[] | undefined,
        otherVersion: values['other-version'],
      }),
      (line) => void (values.verbose && process.stdout.write(`    ${line}\n`)),
      (opened) => (stage = opened),
    )
    if (verdict.violations.length > 0) failed += 1
    report(verdict)
  }
  process.stdout.write(`${count - failed} passed, ${failed} failed\n`)
  process.exitCode = failed > 0 ? 1 : 0
}

function report({ plan, violations, requests, outcomes, seconds }: Verdict) {
  const kinds = [...new Set(plan.faults.map(({ kind }) => kind))]
  const setUp = `${plan.nodes} node${plan.nodes > 1 ? 's' : ''}, ${plan.database}, ${plan.clients} clients`
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`)
  const total = Object.values(requests).reduce((sum, each) => sum + each, 0)
  const verdict = violations.length === 0 ? 'passed' : `FAILED, ${violations.length} violations`
  process.stdout.write(
    `seed ${plan.seed}: ${setUp}; ${plan.faults.length} faults (${kinds.join(', ')}); ${total} requests, adds: ${counts.join(', ')}; ${seconds.toFixed(0)} s: ${verdict}\n`,
  )
  for (const [kind, cases] of groupBy(violations, (each) => each.kind)) {
    process.stdout.write(`  ${cases.length} × ${kind}\n`)
    for (const { told } of cases.slice(0, 3)) process.stdout.write(`      ${told}\n`)
  }
  if (violations.length > 0) process.stdout.write(`  again: npm run test:nemesis -- ${repeat(plan.seed)}\n`)
}

function repeat(seed: number): string {
  const kept = (['seconds', 'nodes', 'database', 'faults', 'other-version'] as const).flatMap((name) =>
    values[name] === undefined ? [] : [`--${name} ${values[name]}`],
  )
  return [`--seed ${seed}`, ...kept].join(' ')
}
