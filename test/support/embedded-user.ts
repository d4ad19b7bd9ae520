// A process that opens the embedded database of a directory, says so, and leaves when told to on its standard input.
import { createInterface } from 'node:readline'
import { openEmbeddedDatabase } from '../../server/db/embedded.ts'

const [directory, asRoot] = process.argv.slice(2)
const say = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`)

const database = await openEmbeddedDatabase({
  directory: directory!,
  onEvent: (event) => say({ event }),
  ...(asRoot === 'namespace' || asRoot === 'user' ? { asRoot } : {}),
}).catch((error: Error) => {
  say({ failed: error.message })
  process.exit(1)
})
say({ url: database.url })

for await (const order of createInterface({ input: process.stdin })) {
  if (order === 'leave') break
}
await database.close()
process.exit(0)
