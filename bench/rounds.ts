import type { Sample } from './load/load.ts'

/** One implementation of the work, timed for some seconds. */
export interface Contestant {
  readonly name: string
  run(seconds: number): Promise<Sample>
}

export interface Result {
  readonly name: string
  readonly samples: readonly Sample[]
}

/** Runs the contestants in rounds, A B C, A B C …, so that other load on the machine affects all of them alike. Each first warms up for one
 * uncounted second. */
export async function takeTurns(contestants: readonly Contestant[], length: { rounds: number; seconds: number }): Promise<Result[]> {
  const results = contestants.map(({ name }) => ({ name, samples: [] as Sample[] }))
  for (const contestant of contestants) await contestant.run(1)
  for (let round = 0; round < length.rounds; round += 1) {
    for (const [index, contestant] of contestants.entries()) results[index]!.samples.push(await contestant.run(length.seconds))
  }
  return results
}

export function medianOf(result: Result, what: 'perSecond' | 'p50' | 'p99'): number | undefined {
  const values = result.samples.map((sample) => sample[what]).filter((value) => value !== undefined)
  return values.length === 0 ? undefined : median(values)
}

/** The median ratio of two results, round by round. */
export function ratioOf(one: Result, other: Result, what: 'perSecond' | 'p99' = 'perSecond'): number {
  return median(one.samples.map((sample, round) => (sample[what] ?? Number.NaN) / (other.samples[round]![what] ?? Number.NaN)))
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
