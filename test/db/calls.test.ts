import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { sqlFunction } from '../../server/db/call.ts'
import { knownRoutines } from '../../server/db/routines.ts'

const SERVER = new URL('../../server/', import.meta.url)

/** Functions of more than one parameter, which can be mixed up. */
function namesOfFunctions(): string[] {
  return knownRoutines()
    .routines.filter(({ kind, text }) => kind === 'function' && /^create [\w ]+\([^)]*,/m.test(text))
    .map(({ name }) => name.replace('function ', ''))
}

test('a call names its parameters, and its text is the same at each call', () => {
  const post = sqlFunction('post_something', ['book', 'amount'], { as: 'line', timeoutMs: 1000 })
  const first = post.call({ amount: 5n, book: 7 })
  expect(first).toEqual({
    name: 'post something',
    text: 'select post_something(p_book => $1, p_amount => $2) as "line"',
    query_timeout: 1000,
    values: [7, 5n],
  })
  expect(post.call({ book: 8, amount: 1n }).text).toBe(first.text)
  expect(post.within({ book: 'b.id', amount: '$3' })).toBe('post_something(p_book => b.id, p_amount => $3)')
  expect(sqlFunction('list_things', ['most'], { columns: 'id' }).call({ most: 2 }).text).toBe('select id from list_things(p_most => $1)')
})

test('no statement of the server calls a function of the database by position', async () => {
  const names = namesOfFunctions()
  expect(names).toContain('place_orders')
  expect(names.length).toBeGreaterThan(20)
  const byPosition = new RegExp(`\\b(?:${names.join('|')})\\((?!\\)|p_)`)
  const files = (await readdir(SERVER, { recursive: true })).filter((file) => /\.tsx?$/.test(file))
  const faults: string[] = []
  for (const file of files) {
    const found = byPosition.exec(await readFile(new URL(file, SERVER), 'utf8'))
    if (found) faults.push(`${file}: ${found[0]}`)
  }
  expect(files.length).toBeGreaterThan(100)
  expect(faults).toEqual([])
})
