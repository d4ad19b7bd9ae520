import { setTimeout as pause } from 'node:timers/promises'
import { sqlOf } from './look.ts'
import { until } from '../nemesis/wait.ts'
import type { Cluster, Mode } from './cluster.ts'
import type { Machine } from './network.ts'

export const faultKinds = ['kill', 'postgres', 'cut', 'power', 'switchover', 'ids-back', 'loss'] as const
export type FaultKind = (typeof faultKinds)[number]

export const ABOUT: Readonly<Record<FaultKind, string>> = {
  kill: 'kill -9 of PostgreSQL and Patroni',
  postgres: 'kill -9 of PostgreSQL alone',
  cut: 'the machine is cut off, and comes back',
  power: 'the machine loses its power',
  switchover: 'switchover',
  'ids-back': 'the counter of order ids set back by hand',
  loss: 'the standbys hear nothing for a while, then the machine loses its power',
}

/** Without synchronous commits the counter of ids may be lost with the orders anyway. */
export function faultsOf(mode: Mode): FaultKind[] {
  return faultKinds.filter((kind) => kind !== 'ids-back' || mode !== 'asynchronous')
}

/** A machine comes back once another leads and has gone on for a moment. */
const LEADS_FOR_MS = 5000
const AWAY_AT_MOST_MS = 90_000
/** Asynchronous: what is acknowledged meanwhile is lost. Otherwise: long enough that nodes give up requests whose commits wait. */
const SILENT_MS = { asynchronous: 1500, quorum: 8000, synchronous: 8000 } as const
const SET_BACK = 5000

export interface Fault {
  /** What was acknowledged from here until the fault may be lost. */
  readonly behindFrom: number | undefined
  readonly at: number
}

/** Plays a fault on the machine that leads and resolves when everything that it took is given back. `begun` is told when it begins. */
export async function play(
  cluster: Cluster,
  kind: FaultKind,
  leader: Machine,
  now: () => number,
  begun: (fault: Fault) => void,
): Promise<void> {
  const begin = (behindFrom?: number) => begun({ behindFrom, at: now() })
  switch (kind) {
    case 'kill':
      begin()
      cluster.kill(leader, 'patroni', 'postgres')
      await anotherLeads(cluster, leader)
      return cluster.startPatroni(leader)
    case 'postgres':
      begin()
      return cluster.kill(leader, 'postgres')
    case 'cut':
      begin()
      leader.cut()
      await anotherLeads(cluster, leader)
      return leader.heal()
    case 'power':
      begin()
      return losePower(cluster, leader)
    case 'switchover':
      begin()
      return cluster.switchOver(leader)
    case 'ids-back':
      begin()
      await sqlOf(cluster.adminUrl(leader), `update order_ids set next = greatest(1, next - ${SET_BACK})`)
      return
    case 'loss': {
      const behindFrom = now()
      leader.silenceReplication()
      await pause(SILENT_MS[cluster.mode])
      begin(behindFrom)
      await losePower(cluster, leader, () => leader.healReplication())
    }
  }
}

/** Nothing that is still on its way leaves a machine without power. */
async function losePower(cluster: Cluster, machine: Machine, beforeItStarts = () => {}) {
  machine.cut()
  cluster.kill(machine)
  await anotherLeads(cluster, machine)
  beforeItStarts()
  machine.heal()
  cluster.startEtcd(machine)
  cluster.startPatroni(machine)
}

async function anotherLeads(cluster: Cluster, old: Machine) {
  const isLed = async () => {
    const leader = await cluster.leader()
    return leader !== undefined && leader !== old
  }
  if (await until(isLed, AWAY_AT_MOST_MS)) await pause(LEADS_FOR_MS)
}
