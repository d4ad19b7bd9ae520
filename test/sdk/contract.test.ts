import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { generated } from '../../sdk/generated.ts'

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')

test('what the SDK knows of the contract is what the contract says (else: npm run generate -w sdk)', () => {
  for (const [file, text] of Object.entries(generated(JSON.parse(read('locales/en.json'))))) expect(read(`sdk/src/${file}`)).toBe(text)
})
