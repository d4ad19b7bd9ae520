import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { ownerIds, signal } from '../nemesis/cluster.ts'

/** A machine of its own, as far as the network tells: a namespace with an address, on the same bridge as the others. */
export interface Machine {
  readonly name: string
  /** For clients, etcd and Patroni. */
  readonly address: string
  /** For standbys: it can be silenced by itself, and they fall behind. */
  readonly replicationAddress: string
  /** Starts a program there, as the user postgres. */
  start(words: readonly string[], env: Readonly<Record<string, string>>, log: string): ChildProcess
  /** The processes that run there, with the names of their programs. */
  processes(): { pid: number; program: string }[]
  /** Nothing that it sends arrives, and nothing arrives there; nobody is told. */
  cut(): void
  heal(): void
  silenceReplication(): void
  healReplication(): void
}

export interface Network {
  readonly subnet: string
  readonly machines: readonly Machine[]
  close(): Promise<void>
}

// Set aside for tests of networks, so that no real address is ever meant.
const BENCHMARKS = '198.18'
const OWN_NAME = /^dkt(\d+)(?:-db\d|m\d)?$/

/** Namespaces, and a bridge on which this process has an address too. Named after this process, so that a later one can clear up what a killed one left. */
export async function openNetwork(names: readonly string[]): Promise<Network> {
  await clearUpAfterTheDead()
  const bridge = `dkt${process.pid}`
  const net = freeNet()
  const subnet = `${net}.0/24`
  const close = () => clearUp(process.pid)
  try {
    ip('link', 'add', bridge, 'type', 'bridge')
    ip('addr', 'add', `${net}.1/24`, 'dev', bridge)
    ip('link', 'set', bridge, 'up')
    const machines = names.map((name, index) => openMachine(bridge, name, index + 1, net))
    return { subnet, machines, close }
  } catch (error) {
    await close()
    throw error
  }
}

function openMachine(bridge: string, name: string, number: number, net: string): Machine {
  const namespace = `${bridge}-${name}`
  const outside = `${bridge}m${number}`
  const [address, replicationAddress] = [`${net}.${10 + number}`, `${net}.${20 + number}`]
  const inside = (...words: string[]) => ip('-n', namespace, ...words)
  ip('netns', 'add', namespace)
  ip('link', 'add', outside, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace)
  inside('addr', 'add', `${address}/24`, 'dev', 'eth0')
  inside('addr', 'add', `${replicationAddress}/24`, 'dev', 'eth0')
  inside('link', 'set', 'lo', 'up')
  inside('link', 'set', 'eth0', 'up')
  ip('link', 'set', outside, 'master', bridge, 'up')
  const owner = ownerIds()
  const asOwner = ['setpriv', `--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups', '--']
  return {
    name,
    address,
    replicationAddress,
    start(words, env, log) {
      const file = openSync(log, 'a')
      const child = spawn('ip', ['netns', 'exec', namespace, ...asOwner, ...words], {
        cwd: '/',
        env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', TZ: 'UTC', ...env },
        stdio: ['ignore', file, file],
        detached: true,
      })
      closeSync(file)
      child.on('error', () => {})
      return child
    },
    processes: () => processesIn(namespace),
    cut: () => ip('link', 'set', outside, 'nomaster'),
    heal: () => ip('link', 'set', outside, 'master', bridge),
    silenceReplication: () => inside('rule', 'add', 'from', replicationAddress, 'blackhole'),
    healReplication: () => inside('rule', 'del', 'from', replicationAddress, 'blackhole'),
  }
}

function ip(...words: string[]): string {
  return execFileSync('ip', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** A /24 that no interface of this machine has. */
function freeNet(): string {
  const taken = ip('-brief', 'addr')
  for (let turn = 0; ; turn += 1) {
    const net = `${BENCHMARKS}.${(process.pid + turn) % 256}`
    if (!taken.includes(`${net}.`)) return net
    if (turn === 255) throw new Error('every network for tests is taken')
  }
}

function processesIn(namespace: string): { pid: number; program: string }[] {
  const pids = ip('netns', 'pids', namespace).split('\n').filter(Boolean).map(Number)
  return pids.flatMap((pid) => {
    try {
      return [{ pid, program: readFileSync(`/proc/${pid}/comm`, 'utf8').trim() }]
    } catch {
      return []
    }
  })
}

async function clearUpAfterTheDead() {
  const named = [...ip('netns', 'list').split('\n'), ...readdirSync('/sys/class/net')].map((line) => OWN_NAME.exec(line.split(' ')[0]!))
  const owners = new Set(named.flatMap((found) => (found ? [Number(found[1])] : [])))
  for (const owner of owners) if (!isAlive(owner)) await clearUp(owner)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Ends what runs in the namespaces of a process and takes them away, with its bridge. */
async function clearUp(owner: number) {
  const namespaces = ip('netns', 'list')
    .split('\n')
    .map((line) => line.split(' ')[0]!)
    .filter((name) => name.startsWith(`dkt${owner}-`))
  for (const namespace of namespaces) {
    for (let turn = 0; turn < 200; turn += 1) {
      const left = processesIn(namespace)
      if (left.length === 0) break
      for (const { pid } of left) signal(pid, 'SIGKILL')
      await pause(25)
    }
    ip('netns', 'del', namespace)
  }
  // A link goes with its namespace, a little later.
  for (const name of readdirSync('/sys/class/net')) if (OWN_NAME.exec(name)?.[1] === String(owner)) removeLink(name)
}

function removeLink(name: string) {
  try {
    ip('link', 'del', name)
  } catch {
    // It has gone with its namespace.
  }
}
