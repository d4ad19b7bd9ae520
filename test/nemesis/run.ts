import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type FaultKind, faultKinds, planOf } from './plan.ts'
import { playSeed, type Verdict } from './play.ts'
import { groupBy } from './history.ts'
import type { Stage } from './stage.ts'

const HELP = `npm run test:nemesis [-- options]: plays faults against real servers and checks from outside every answer they gave.
  --seed N            one seed (default 1)
  --from N --seeds N  several, one after another
  --jobs N            so many seeds at once, each in a process of its own
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
    jobs: { type: 'string', default: '1' },
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
  void leave(2)
})
const children = new Set<ChildProcess>()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => void leave(130))

if (values.help) process.stdout.write(HELP)
else await playAll()

/** Takes everything down that was started, also on Ctrl-C. */
async function leave(code: number) {
  isLeaving = true
  for (const child of children) child.kill('SIGTERM')
  await stage?.close()
  process.exit(code)
}

async function playAll() {
  const first = Number(values.seed ?? values.from)
  const count = values.seed === undefined ? Number(values.seeds) : 1
  const jobs = Math.min(Number(values.jobs), count)
  let failed = 0
  let next = first
  const worker = async () => {
    while (next < first + count) {
      const seed = next++
      if (!(await (jobs > 1 ? playElsewhere(seed) : playHere(seed)))) failed += 1
    }
  }
  await Promise.all(Array.from({ length: jobs }, worker))
  process.stdout.write(`${count - failed} passed, ${failed} failed\n`)
  process.exitCode = failed > 0 ? 1 : 0
}

/** A process per seed, so that seeds that are played together share nothing. */
async function playElsewhere(seed: number): Promise<boolean> {
  const words = ['--import', 'tsx', fileURLToPath(import.meta.url), ...repeat(seed).split(' ')]
  const child = spawn(process.execPath, values.verbose ? [...words, '--verbose'] : words, { stdio: ['ignore', 'pipe', 'inherit'] })
  children.add(child)
  let told = ''
  child.stdout.on('data', (text) => (told += String(text)))
  const [code] = (await once(child, 'close')) as [number | null]
  children.delete(child)
  process.stdout.write(told.replace(/^\d+ passed, \d+ failed\n/m, ''))
  if (code !== 0 && !told.includes('FAILED')) process.stdout.write(`seed ${seed}: the checker itself ended with ${code}\n`)
  return code === 0
}

/** A run that does not end is a fault too, of the server or of the checker. */
async function playHere(seed: number): Promise<boolean> {
  const watchdog = setTimeout(
    () => {
      process.stdout.write(`seed ${seed}: FAILED, it did not end\n  again: npm run test:nemesis -- ${repeat(seed)}\n`)
      void leave(1)
    },
    (Number(values.seconds) + 300) * 1000,
  )
  const plan = planOf({
    seed,
    seconds: Number(values.seconds),
    nodes: values.nodes === undefined ? undefined : (Number(values.nodes) as 1 | 2),
    database: values.database as 'embedded' | 'url' | undefined,
    faults: values.faults?.split(',') as FaultKind[] | undefined,
    otherVersion: values['other-version'],
  })
  const say = (line: string) => void (values.verbose && process.stdout.write(`    ${line}\n`))
  const verdict = await playSeed(plan, say, (opened) => (stage = opened))
  clearTimeout(watchdog)
  report(verdict)
  return verdict.violations.length === 0
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
