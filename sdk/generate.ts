import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { generated } from './generated.ts'

// Writes what the SDK knows of the contract. test/sdk/contract.test.ts fails when it is older than the contract.
const texts = JSON.parse(readFileSync(new URL('../locales/en.json', import.meta.url), 'utf8')) as Record<string, string>
for (const [file, text] of Object.entries(generated(texts))) writeFileSync(fileURLToPath(new URL(`src/${file}`, import.meta.url)), text)
