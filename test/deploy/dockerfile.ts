import { execFile } from 'node:child_process'
import { cp, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { readDeploy } from './tools.ts'

const run = promisify(execFile)
const repository = fileURLToPath(new URL('../..', import.meta.url))

/** One instruction: `COPY`, with what stands behind it. */
export interface Instruction {
  readonly name: string
  readonly rest: string
}

export interface Stage {
  readonly image: string
  readonly name: string | undefined
  readonly steps: readonly Instruction[]
}

export async function readStages(): Promise<readonly Stage[]> {
  const lines = (await readDeploy('Dockerfile')).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const stages: { image: string; name: string | undefined; steps: Instruction[] }[] = []
  for (const line of lines) {
    const [, name, rest] = /^([A-Z]+) (.*)$/.exec(line)!
    if (name !== 'FROM') stages.at(-1)!.steps.push({ name: name!, rest: rest! })
    else stages.push({ image: rest!.split(' ')[0]!, name: / AS (\w+)$/.exec(rest!)?.[1], steps: [] })
  }
  return stages
}

/** What the context of the build is: each name at its top, and the names that are left out wherever they are. */
export async function readContext(): Promise<{ top: readonly string[]; without: readonly string[] }> {
  const lines = (await readDeploy('Dockerfile.dockerignore')).split('\n')
  const behind = (sign: string) => lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(sign.length))
  return { top: behind('!'), without: behind('**/') }
}

/** The words of `["npm", "ci"]`; undefined for a line that a shell would read. */
export function wordsOf(rest: string): string[] | undefined {
  return rest.startsWith('[') ? (JSON.parse(rest) as string[]) : undefined
}

export interface Image {
  /** The folder that is the image's root, for what its instructions put there; programs are those of this machine. */
  readonly root: string
  readonly env: Readonly<Record<string, string>>
  readonly entry: readonly string[]
  readonly health: readonly string[]
  readonly user: { readonly uid: string; readonly gid: string }
}

/** Carries the instructions out one by one, each stage in a folder of its own, as `docker build` would: needs root, and no daemon. */
export async function buildImage(folder: string, environment: Record<string, string>): Promise<Image> {
  const stages = await readStages()
  const roots = new Map<string, string>()
  for (const [at, stage] of stages.entries()) {
    const root = path.join(folder, `stage-${at}`)
    await mkdir(root)
    if (stage.name !== undefined) roots.set(stage.name, root)
    await carryOut(stage, root, roots, environment)
  }
  return describeImage(stages.at(-1)!, path.join(folder, `stage-${stages.length - 1}`))
}

async function carryOut({ steps }: Stage, root: string, roots: ReadonlyMap<string, string>, environment: Record<string, string>) {
  let directory = root
  for (const { name, rest } of steps) {
    if (name === 'WORKDIR') await mkdir((directory = inside(root, rest)), { recursive: true })
    if (name === 'COPY') await copy(rest, directory, root, roots)
    if (name === 'RUN') {
      const [program, ...words] = wordsOf(rest)!.map((word) => inside(root, word))
      await run(program!, words, { cwd: directory, env: environment, maxBuffer: 64_000_000 })
    }
  }
}

async function copy(rest: string, directory: string, root: string, roots: ReadonlyMap<string, string>) {
  const [, stage, from, to] = /^(?:--from=(\w+) )?(\S+) (\S+)$/.exec(rest)!
  if (stage !== undefined) return cp(inside(roots.get(stage)!, from!), inside(root, to!), { recursive: true, verbatimSymlinks: true })
  const { top, without } = await readContext()
  const filter = (file: string) => !without.includes(path.basename(file))
  for (const name of top) await cp(path.join(repository, name), path.join(directory, name), { recursive: true, filter })
}

/** An absolute path of the image, below the folder that is its root. */
function inside(root: string, word: string): string {
  return word.startsWith('/') ? path.join(root, word) : word
}

function describeImage({ steps }: Stage, root: string): Image {
  const of = (name: string) => steps.findLast((step) => step.name === name)!.rest
  const pairs = of('ENV').split(' ').map((pair) => pair.split('=') as [string, string]) // prettier-ignore
  const [uid, gid] = of('USER').split(':')
  const entry = [...wordsOf(of('ENTRYPOINT'))!, ...wordsOf(of('CMD'))!].map((word) => inside(root, word))
  const health = wordsOf(/CMD (.*)$/.exec(of('HEALTHCHECK'))![1]!)!
  const env = Object.fromEntries(pairs.map(([name, value]) => [name, inside(root, value)]))
  return { root, env, entry, health, user: { uid: uid!, gid: gid! } }
}
