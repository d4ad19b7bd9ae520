import { type Dice, diceOf } from './dice.ts'

export const faultKinds = [
  'node-kill',
  'node-term',
  'node-stop',
  'stall',
  'warm-start',
  'database-kill',
  'backend-kill',
  'database-term',
  'database-stop',
  'connections-cut',
  'connections-frozen',
  'answers-cut',
  'clock-step',
  'minute-turns',
  'disk-full',
  'ids-back',
  'database-back',
  'long-texts',
  'lying-supplier',
] as const
export type FaultKind = (typeof faultKinds)[number]

/** These need a server of the operator's own, behind a line that can be cut. */
const ONLY_BY_URL: ReadonlySet<FaultKind> = new Set(['connections-cut', 'connections-frozen', 'answers-cut', 'database-back'])
/** These are ways in which a whole run is set up. */
const SET_UPS: ReadonlySet<FaultKind> = new Set(['lying-supplier'])

export interface Fault {
  readonly kind: FaultKind
  /** Milliseconds from the begin of the traffic. */
  readonly at: number
  /** How long it lasts. */
  readonly ms: number
  /** Which node, as an index. */
  readonly node: number
  /** For what else it has to choose. */
  readonly seed: number
}

/** All that a seed decides. The same seed and options make the same plan; what the servers then do in which order is up to them. */
export interface Plan {
  readonly seed: number
  readonly seconds: number
  readonly nodes: 1 | 2
  readonly database: 'embedded' | 'url'
  readonly clients: number
  readonly accounts: number
  /** Mean pause of a client between an answer and its next request. */
  readonly pauseMs: number
  /** What the second node runs: a folder or a name in git's history. */
  readonly otherVersion: string | undefined
  readonly lyingSupplier: boolean
  readonly faults: readonly Fault[]
}

export interface PlanOptions {
  readonly seed: number
  readonly seconds: number
  readonly nodes?: 1 | 2 | undefined
  readonly database?: 'embedded' | 'url' | undefined
  readonly faults?: readonly FaultKind[] | undefined
  readonly otherVersion?: string | undefined
}

export function planOf(options: PlanOptions): Plan {
  const dice = diceOf(options.seed)
  const drawn = { nodes: dice.pick([1, 2] as const), database: dice.pick(['embedded', 'url'] as const), crowd: dice.chance(0.4) }
  const allowed = options.faults ?? faultKinds
  const database = options.database ?? (allowed.every((kind) => ONLY_BY_URL.has(kind) || SET_UPS.has(kind)) ? 'url' : drawn.database)
  const two = options.otherVersion !== undefined
  const lying = allowed.includes('lying-supplier') && (options.faults !== undefined || dice.chance(0.25))
  const playable = allowed.filter((kind) => !SET_UPS.has(kind) && (database === 'url' || !ONLY_BY_URL.has(kind)))
  const nodes = two ? 2 : (options.nodes ?? drawn.nodes)
  const isCrowd = drawn.crowd || (options.faults?.includes('minute-turns') ?? false)
  return {
    seed: options.seed,
    seconds: options.seconds,
    nodes,
    database,
    clients: isCrowd ? 150 : 64,
    accounts: isCrowd ? 150 : dice.pick([16, 48, 64]),
    pauseMs: isCrowd ? 250 : dice.pick([40, 80, 120]),
    otherVersion: options.otherVersion,
    lyingSupplier: lying,
    faults: playable.length === 0 ? [] : faultsOf(dice, options.seconds * 1000, playable, nodes),
  }
}

/** From a tenth of the time to nine tenths; at times one begins while another lasts. */
function faultsOf(dice: Dice, totalMs: number, kinds: readonly FaultKind[], nodes: number): Fault[] {
  const faults: Fault[] = []
  const end = totalMs * 0.85
  let at = totalMs * 0.08
  while (at < end) {
    const kind = dice.pick(kinds)
    const ms = Math.min(durationOf(dice, kind), Math.max(500, totalMs * 0.9 - at))
    faults.push({ kind, at: Math.round(at), ms, node: dice.whole(0, nodes - 1), seed: dice.whole(1, 1_000_000) })
    const together = dice.chance(0.3)
    at += together ? dice.whole(50, 800) : ms + dice.whole(500, 3500)
  }
  return faults
}

function durationOf(dice: Dice, kind: FaultKind): number {
  switch (kind) {
    case 'minute-turns':
      return dice.whole(8000, 14_000)
    case 'warm-start':
      return dice.whole(4000, 7000)
    case 'disk-full':
      return dice.whole(2000, 6000)
    case 'long-texts':
      return 2000
    case 'stall':
      return dice.whole(2000, 6000)
    case 'database-back':
      return dice.whole(3000, 8000)
    default:
      return dice.pick([dice.whole(50, 400), dice.whole(400, 2000), dice.whole(2000, 6000)])
  }
}
