import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { openEmbeddedDatabase } from '../../server/db/embedded.ts'
import { USUAL_OTHERS_SHARE } from './requests.ts'
import { playRound, progress, type Round } from './round.ts'

// npm run fuzz [-- --requests 100000 --seed 1 --round 100000 --connections 16 --pipelined 8 --others 0.2]
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    round: { type: 'string', default: '100000' },
    connections: { type: 'string', default: '16' },
    pipelined: { type: 'string', default: '8' },
    others: { type: 'string', default: String(USUAL_OTHERS_SHARE) },
    help: { type: 'boolean' },
  },
})

const HELP = `Sends a node anything, over every way in.
--requests 100000   how many
--seed 1            of the first round; each further round has the next one, and a round is repeated by its seed
--round 100000      how many requests one node gets, before the next round begins with a fresh node and a fresh database
--connections 16 --pipelined 8
--others 0.2        the share that does not go to the API: pages, forms, the operator's API. They are dear, so a smaller share makes more requests a second
`

/** The large catalogue makes some answers a hundred times as long: every fifth round has it. */
const LARGE_CATALOGUE = 2000
const SMALL_CATALOGUE = 100
const furtherServices = (seed: number) => (seed % 5 === 0 ? LARGE_CATALOGUE : SMALL_CATALOGUE)

const say = (line: string) => void process.stdout.write(`${line}\n`)

/** Ctrl C ends the sending, and what was found until then is told. */
const stopping = new AbortController()

if (values.help) process.stdout.write(HELP)
else await withServer(fuzz)

async function withServer(work: (serverUrl: string) => Promise<boolean>): Promise<void> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'docket-fuzz-'))
  const server = process.env['DATABASE_URL']
    ? { url: process.env['DATABASE_URL'], close: async () => {} }
    : await openEmbeddedDatabase({ directory })
  try {
    process.exitCode = (await work(server.url)) ? 0 : 1
  } finally {
    await server.close()
    await rm(directory, { recursive: true, force: true })
  }
}

/** Whether nothing was found. */
async function fuzz(serverUrl: string): Promise<boolean> {
  process.on('SIGINT', () => stopping.abort())
  process.on('SIGTERM', () => stopping.abort())
  const all = Number(values.requests)
  const rounds: Round[] = []
  const sent = () => rounds.reduce((sum, round) => sum + round.sent, 0)
  for (let seed = Number(values.seed); sent() < all && !stopping.signal.aborted; seed += 1) {
    const requests = Math.min(Number(values.round), all - sent())
    const sizes = {
      connections: Number(values.connections),
      pipelined: Number(values.pipelined),
      othersShare: Number(values.others),
      furtherServices: furtherServices(seed),
    }
    const round = await playRound(serverUrl, { seed, requests, ...sizes, isTimed: true, isOver: () => stopping.signal.aborted, say })
    rounds.push(round)
    say(`Seed ${seed}: ${inWords(round)}`)
    for (const fault of round.faults) say(fault)
    say(`So far ${inWords(together(rounds))}`)
  }
  const failed = rounds.filter(({ faults }) => faults.length > 0).length
  say(`${rounds.length - failed} passed, ${failed} failed`)
  return failed === 0
}

function together(rounds: readonly Round[]): Round {
  const statuses = new Map<number, number>()
  for (const round of rounds) for (const [status, count] of round.statuses) statuses.set(status, (statuses.get(status) ?? 0) + count)
  const most = (figure: (round: Round) => number) => Math.max(...rounds.map(figure))
  const sum = (figure: (round: Round) => number) => rounds.reduce((all, round) => all + figure(round), 0)
  return {
    sent: sum(({ sent }) => sent),
    seconds: sum(({ seconds }) => seconds),
    statuses,
    residentBytes: most(({ residentBytes }) => residentBytes),
    silenceMs: most(({ silenceMs }) => silenceMs),
    faults: [],
  }
}

function inWords({ sent, seconds, statuses, residentBytes, silenceMs }: Round): string {
  const pace = `${sent} requests in ${Math.round(seconds)} s, ${Math.round(sent / seconds)} a second`
  return `${pace}. ${progress(statuses)}; longest silence of its own ${Math.round(silenceMs)} ms; ${Math.round(residentBytes / 1e6)} MB`
}
