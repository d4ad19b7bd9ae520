import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Browsers, and whole servers that are started, killed and waited for: begun first, they run beside everything else. */
const LONG = [
  'browser/docs.test',
  'browser/programs.test',
  'browser/mass-order.test',
  'browser/order.test',
  'browser/shell.test',
  'browser/orders.test',
  'browser/app.test',
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
  'account.test',
  'browser/funds.test',
  'browser/components.test',
  'transport.test',
  'build.test',
  'api/add.test',
  'faults/mass-order.test',
  'statement.test',
  'properties/life.test',
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
