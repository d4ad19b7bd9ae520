import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { type Kind, kindOf, secondsOf } from './heavy.ts'

/** Long files begin first, and a heavy one when the one before it is about to end, so that workers seldom wait for a turn. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- not an array's
    const left = (await super.sort(files)).toSorted((a, b) => secondsOf(b.moduleId) - secondsOf(a.moduleId))
    const workers = Array.from({ length: this.ctx.config.maxWorkers ?? 4 }, () => 0)
    const freeAt: Record<Kind, number> = { servers: 0, browsers: 0 }
    const freeOf = (kind: Kind | undefined) => (kind === undefined ? 0 : freeAt[kind])
    const ordered: TestSpecification[] = []
    while (left.length > 0) {
      const worker = workers.indexOf(Math.min(...workers))
      const now = workers[worker]!
      const begins = (file: TestSpecification) => Math.max(now, freeOf(kindOf(file.moduleId)))
      const heavy = left.findIndex((file) => kindOf(file.moduleId) !== undefined && begins(file) === now)
      const light = left.findIndex((file) => kindOf(file.moduleId) === undefined)
      const [next] = left.splice(heavy !== -1 ? heavy : Math.max(0, light), 1)
      const end = begins(next!) + secondsOf(next!.moduleId)
      const kind = kindOf(next!.moduleId)
      if (kind !== undefined) freeAt[kind] = end
      workers[worker] = end
      ordered.push(next!)
    }
    return ordered
  }
}
