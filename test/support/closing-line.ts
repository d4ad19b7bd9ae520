import type { Reporter, TestModule } from 'vitest/node'

/** Ends the run with a plain line, and counts the vectors and promises that were run. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]) {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const by = (state: string) => tests.filter((test) => test.result().state === state)
    const passed = by('passed')
    const promises = new Set(passed.flatMap((test) => [...test.fullName.matchAll(/\b([MHWS]\d{1,2})\b/g)].map((match) => match[1]!)))
    const vectors = passed.filter((test) => test.fullName.includes('vector: '))
    const brokenFiles = modules.filter((module) => module.state() === 'failed' && [...module.children.allTests()].length === 0)
    const failed = by('failed').length + brokenFiles.length
    const names = [...promises].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    process.stdout.write(`\n${vectors.length} contract vectors and ${promises.size} promises kept: ${names.join(' ')}\n`)
    process.stdout.write(`${passed.length} passed, ${failed} failed, ${by('skipped').length} skipped\n`)
  }
}
