// npm run bench -- add status services balance: bench/README.md explains the output.
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { chooseGenerator } from './load/generator.ts'
import { findPgbench } from './load/pgbench.ts'
import { describeMachine } from './machine.ts'
import { measureAdd } from './parts/add.ts'
import { measureDeskOpen } from './parts/desk-open.ts'
import { measureDeskPlans } from './parts/desk-plans.ts'
import { measureFulfilment } from './parts/fulfilment.ts'
import { measureMassOrder } from './parts/mass-order.ts'
import { measureMemory } from './parts/memory.ts'
import { measureOwnPages } from './parts/own-pages.ts'
import { measurePages } from './parts/pages.ts'
import type { Bench, Part } from './parts/part.ts'
import { measureBalance, measureServices, measureStatus } from './parts/reads.ts'
import { measureStart } from './parts/start.ts'
import { measureStored } from './parts/stored.ts'
import { measureStrangers } from './parts/strangers.ts'
import { claimTable, type Comparison, comparisonTable, isMet, type PartReport } from './report.ts'
import { asMarkdown, type RunReport } from './record.ts'
import { type Hall, openHall } from './shop/hall.ts'

const parts: Readonly<Record<string, Part>> = {
  add: measureAdd,
  status: measureStatus,
  balance: measureBalance,
  services: measureServices,
  start: measureStart,
  memory: measureMemory,
  stored: measureStored,
  fulfilment: measureFulfilment,
  pages: measurePages,
  'own-pages': measureOwnPages,
  'mass-order': measureMassOrder,
  strangers: measureStrangers,
  'desk-open': measureDeskOpen,
  'desk-plans': measureDeskPlans,
}

interface Options {
  rounds: number
  seconds: number
  connections: number[]
  stored: number
  slowDisk?: number
  json?: string
  markdown?: string
  profile?: string
}

const program = new Command('bench')
  .description('Measures Docket beside its baselines, in turns, and says which targets are met. DATABASE_URL, else an embedded PostgreSQL.')
  .argument('[parts...]', `any of ${Object.keys(parts).join(', ')}`, Object.keys(parts))
  .option('--rounds <n>', 'turns of each contestant', whole, 7)
  .option('--seconds <n>', 'length of a turn', whole, 2)
  .option('--connections <list>', 'numbers of connections, with commas between', wholes, [1, 16, 64, 256])
  .option('--stored <n>', 'orders stored before status and stored', whole, 1_000_000)
  .option('--slow-disk <ms>', 'each durable write takes so much longer; needs initdb and cc', milliseconds)
  .option('--json <file>', 'write the figures, with a description of the machine')
  .option('--markdown <file>', 'the same for people')
  .option('--profile <directory>', "write CPU profiles of the server's process, for Chrome's developer tools")
  .action(run)
await program.parseAsync()

async function run(asked: string[], options: Options) {
  const unknown = asked.find((name) => !(name in parts))
  if (unknown !== undefined) program.error(`There is no part ${unknown}: there are ${Object.keys(parts).join(', ')}`)
  const hall = await openHall(options.slowDisk)
  process.once('SIGINT', () => void hall.close().finally(() => process.exit(130)))
  try {
    const report = await measure(hall, asked, options)
    if (options.json !== undefined) await write(options.json, JSON.stringify(report, null, 2))
    if (options.markdown !== undefined) await write(options.markdown, asMarkdown(report))
    if (report.parts.some((part) => part.proofs.some((proof) => !proof.ok))) process.exitCode = 1
  } finally {
    await hall.close()
  }
}

async function measure(hall: Hall, asked: readonly string[], options: Options): Promise<RunReport> {
  const { name: generator, fire } = await chooseGenerator(hall.file)
  const pgbench = await findPgbench(hall.file)
  const machine = await describeMachine(hall, generator)
  for (const [what, how] of Object.entries(machine)) console.log(`${what}: ${how}`)
  const { rounds, seconds, connections, stored, profile: profiles } = options
  const reports: PartReport[] = []
  for (const name of asked) {
    console.log(`\n## ${name}`)
    const comparisons: Comparison[] = []
    const show = (comparison: Comparison) => {
      comparisons.push(comparison)
      console.log(`\n${comparisonTable(comparison)}`)
    }
    const bench: Bench = { hall, fire, pgbench, rounds, seconds, connections, stored, profiles, show }
    const found = await parts[name]!(bench)
    reports.push({ name, comparisons, ...found })
    console.log(`\n${claimTable(found.claims)}`)
    for (const proof of found.proofs) console.log(`${proof.ok ? 'proved' : 'FAULT'}: ${proof.sentence}`)
  }
  summarise(reports)
  return { at: new Date().toISOString().slice(0, 10), command: asked.join(' '), rounds, seconds, machine, parts: reports }
}

function summarise(reports: readonly PartReport[]) {
  const claims = reports.flatMap((part) => part.claims)
  console.log(`\n## Summary\n\n${claimTable(claims)}`)
  const proofs = reports.flatMap((part) => part.proofs)
  console.log(
    `\n${claims.filter(isMet).length} of ${claims.length} targets met; ${proofs.filter((proof) => proof.ok).length} of ${proofs.length} proofs hold`,
  )
}

async function write(file: string, text: string) {
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, `${text}\n`)
}

function whole(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above zero.')
  return Number(text)
}

function milliseconds(text: string): number {
  if (!/^\d{1,4}(\.\d{1,3})?$/.test(text)) throw new InvalidArgumentError('It must be milliseconds, like 0.5.')
  return Number(text)
}

function wholes(text: string): number[] {
  return text.split(',').map(whole)
}
