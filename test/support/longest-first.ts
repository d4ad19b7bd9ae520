import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Whole servers that are started, killed and waited for: begun first, they run beside everything else. */
const LONG = [
  'cli.test',
  'embedded.test',
  'two-desks.test',
  'guesses.test',
  'kill.test',
  'connection.test',
  'closed-network.test',
  'backup.test',
  'limits.test',
  'examples.test',
]

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = (file: TestSpecification) => {
      const at = LONG.findIndex((name) => file.moduleId.includes(name))
      return at === -1 ? LONG.length : at
    }
    // oxlint-disable-next-line unicorn/no-array-sort -- not an array's
    const ordered = await super.sort(files)
    return ordered.toSorted((a, b) => place(a) - place(b))
  }
}
