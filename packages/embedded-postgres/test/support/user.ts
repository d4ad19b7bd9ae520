// A process that uses the server of a directory, says so, and leaves when told to on its standard input.
import { createInterface } from 'node:readline'
import { start } from '../../src/start.ts'
import { SHOP } from './shop.ts'

const [directory, asRoot] = process.argv.slice(2)
const say = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`)

const postgres = await start({
  ...SHOP,
  directory: directory!,
  onEvent: (event) => say({ event }),
  ...(asRoot === 'namespace' || asRoot === 'user' ? { asRoot } : {}),
}).catch((error: Error) => {
  say({ failed: error.message })
  process.exit(1)
})
say({ url: postgres.url })

for await (const order of createInterface({ input: process.stdin })) {
  if (order === 'leave') break
}
await postgres.stop()
process.exit(0)
