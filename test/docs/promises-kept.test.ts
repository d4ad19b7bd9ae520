import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const tests = new URL('../', import.meta.url)

/** A title that begins with the numbers of the promises that it keeps, with or without a colon behind them. */
const NUMBERED_TITLE = /['"`]((?:[MHWS]\d{1,2}[: ]+)+)/g

/** The numbers that the titles of each test file begin with. */
async function numbersByFile(): Promise<Map<string, { numbers: Set<string>; source: string }>> {
  const files = (await readdir(tests, { recursive: true })).filter((name) => name.endsWith('.test.ts'))
  const read = files.map(async (file) => {
    const source = await readFile(new URL(file, tests), 'utf8')
    const numbers = [...source.matchAll(NUMBERED_TITLE)].flatMap(([, before]) => before!.match(/[MHWS]\d{1,2}/g)!)
    return [file, { numbers: new Set(numbers), source }] as const
  })
  return new Map(await Promise.all(read))
}

interface Kept {
  readonly promise: string
  readonly file: string
  readonly title: string
}

/** The rows of docs/promises-kept.md, one for each promise and file. */
async function legend(): Promise<Kept[]> {
  const page = await readFile(new URL('../docs/promises-kept.md', tests), 'utf8')
  return [...page.matchAll(/^\| ([MHWS]\d{1,2}) \| [^|]{20,} \| (.+) \|$/gm)].flatMap(([, promise, cell]) =>
    cell!.split(' <br> ').map((part) => {
      const [, file, title] = /^`([^`]+)`: (.+)$/.exec(part)!
      return { promise: promise!, file: file!, title: title! }
    }),
  )
}

test('every promise that a test keeps is in the legend with the files that keep it, and the other way round', async () => {
  const used = [...(await numbersByFile())].flatMap(([file, { numbers }]) => [...numbers].map((number) => `${number} ${file}`))
  const told = (await legend()).map(({ promise, file }) => `${promise} ${file}`)
  expect(told.toSorted()).toEqual(used.toSorted())
})

test('every test that the legend names exists under that promise', async () => {
  const files = await numbersByFile()
  const missing = (await legend()).filter(({ promise, file, title }) => {
    const places = files.get(file)?.source.split(title).slice(0, -1) ?? []
    return !places.some((before) => new RegExp(String.raw`['"\`][MHWS\d: ]*\b${promise}\b[MHWS\d: ]*$`).test(before))
  })
  expect(missing).toEqual([])
})
