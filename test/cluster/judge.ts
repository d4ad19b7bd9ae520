import { type Add, accuse, type History, type Violation } from '../nemesis/history.ts'
import type { Observed } from '../nemesis/observe.ts'
import { judge } from '../nemesis/judge.ts'

/** What a round did to the database, in the checker's own milliseconds. */
export interface RoundTimes {
  /** The first request of the round. */
  readonly from: number
  readonly faultAt: number
  /** What was acknowledged from here until the service was gone may be lost; undefined: nothing may. */
  readonly behindFrom: number | undefined
}

export interface Judged {
  readonly violations: readonly Violation[]
  /** The longest time without an acknowledged add that ends after the fault. */
  readonly withoutServiceMs: number
  readonly acknowledged: number
  readonly lost: number
  readonly doubled: number
  /** Acknowledged, and another customer's order or another request's. */
  readonly falselyAcknowledged: number
  readonly longestWaitMs: number
}

/** Adds `known` violations no second time, so that a fault of one round is not blamed on the next. */
export function judgeRound(history: History, observed: Observed, times: RoundTimes, known: ReadonlySet<string>): Judged {
  const adds = history.adds.filter((add) => add.sentAt >= times.from)
  const gap = longestGap(adds, times)
  if (times.behindFrom !== undefined) history.setBack.push({ backupFrom: times.behindFrom, from: times.faultAt, until: gap.from + 1 })
  const verdict = { violations: [...judge(history, observed)] }
  blameWhatIsForgivenTooFreely(verdict, adds, observed, times, gap.from)
  blameIdsToldTwice(verdict, history.adds)
  const violations = verdict.violations.filter(({ kind, told }) => !known.has(`${kind} ${told}`))
  const count = (...kinds: string[]) => violations.filter(({ kind }) => kinds.includes(kind)).length
  return {
    violations,
    withoutServiceMs: gap.until - gap.from,
    acknowledged: adds.filter(({ outcome }) => outcome === 'placed').length,
    lost: lostOf(adds, observed),
    doubled: count('one request, several orders stored', 'one request, several orders told'),
    falselyAcknowledged: count("acknowledged order is another's", 'id told twice'),
    longestWaitMs: adds.reduce((longest, { sentAt, answeredAt }) => Math.max(longest, answeredAt - sentAt), 0),
  }
}

/** From one acknowledgement to the next. A service that did not come back lasts until the last attempt. */
function longestGap(adds: readonly Add[], { from, faultAt }: RoundTimes): { from: number; until: number } {
  const times = adds.filter(({ outcome }) => outcome === 'placed').map(({ answeredAt }) => answeredAt)
  const end = adds.reduce((last, { answeredAt }) => Math.max(last, answeredAt), from)
  const moments = [from, ...times.toSorted((a, b) => a - b), end]
  let longest = { from: faultAt, until: faultAt }
  for (let index = 1; index < moments.length; index += 1) {
    const [before, after] = [moments[index - 1]!, moments[index]!]
    if (after >= faultAt && after - before > longest.until - longest.from) longest = { from: before, until: after }
  }
  return longest
}

type Verdict = { readonly violations: Violation[] }

/** The judge of one server forgives every request that met the loss. Here an answer given after it came from the new leader: it must be true. */
function blameWhatIsForgivenTooFreely(verdict: Verdict, adds: readonly Add[], observed: Observed, times: RoundTimes, lostUntil: number) {
  if (times.behindFrom === undefined) return
  const byId = new Map(observed.orders.map((order) => [order.id, order]))
  for (const add of adds) {
    if (add.outcome !== 'placed' || add.sentAt > lostUntil + 1 || add.answeredAt <= lostUntil + 1) continue
    const order = byId.get(add.order!)
    if (!order) accuse(verdict, 'acknowledged order does not exist', `${add.link} was told order ${add.order} by the new leader`)
    else if (order.link !== add.link)
      accuse(verdict, "acknowledged order is another's", `${add.link} was told order ${add.order}: ${order.link}`)
  }
}

/** Over all rounds, whatever was lost: an id that was told to somebody is nobody else's. */
function blameIdsToldTwice(verdict: Verdict, adds: readonly Add[]) {
  const links = new Map<string, string>()
  for (const { outcome, order, link } of adds) {
    if (outcome !== 'placed') continue
    const first = links.get(order!)
    if (first === undefined) links.set(order!, link)
    else if (first !== link) accuse(verdict, 'id told twice', `order ${order} was told to ${first} and to ${link}`)
  }
}

/** Acknowledged requests whose order is not there. */
function lostOf(adds: readonly Add[], observed: Observed): number {
  const links = new Set(observed.orders.map(({ link }) => link))
  return new Set(adds.flatMap(({ outcome, link }) => (outcome === 'placed' && !links.has(link) ? [link] : []))).size
}
