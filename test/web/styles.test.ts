import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const folder = new URL('../../server/web/styles/', import.meta.url)

/** Looks of their own that another file of styles refines on purpose. */
const REFINED = new Set(['good', 'warn', 'house', 'site-header', 'site-navigation'])

test('a class is looked after by one file of styles: what one page looks like changes no other page', () => {
  const files = readdirSync(folder).filter((name) => name !== 'print.css')
  const owners = new Map<string, Set<string>>()
  for (const file of files)
    for (const name of classesAlone(readFileSync(new URL(file, folder), 'utf8')))
      owners.set(name, (owners.get(name) ?? new Set()).add(file))

  const shared = [...owners].filter(([name, of]) => of.size > 1 && !REFINED.has(name))
  expect(shared.map(([name, of]) => [name, ...of])).toEqual([])
})

/** Selectors that are one class and nothing else. */
function classesAlone(css: string): string[] {
  const rules = css
    .replaceAll(/\/\*[^*]*\*\//g, '')
    .split('{')
    .map((part) => part.slice(part.lastIndexOf('}') + 1))
  return rules.flatMap((selectors) =>
    selectors.split(',').flatMap((selector) => {
      const [, name] = /^\.([\w-]+)$/.exec(selector.trim()) ?? []
      return name === undefined ? [] : [name]
    }),
  )
}
