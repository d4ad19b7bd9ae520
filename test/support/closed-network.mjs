// Starts the demo, places an order through it and stops it; runs in a network namespace of its own as well as outside.
import { spawn } from 'node:child_process'
import { once } from 'node:events'

const child = spawn(process.execPath, process.argv.slice(2), { stdio: ['ignore', 'pipe', 'inherit'] })
const exited = once(child, 'exit')
let written = ''
const told = new Promise((resolve, reject) => {
  child.stdout.on('data', (piece) => {
    written += piece
    if (written.includes('Ctrl-C stops')) resolve()
  })
  void exited.then(() => reject(new Error(`It ended early: ${written}`)))
})
await told
const url = /API +(\S+)/.exec(written)[1]
const key = /Key +(dk_live_\S+)/.exec(written)[1]
const call = async (parameters) => (await fetch(url, { method: 'POST', body: new URLSearchParams({ key, ...parameters }) })).json()

const placed = await call({ action: 'add', service: '101', link: 'https://example.com/post/1', quantity: '500' })
let status = await call({ action: 'status', order: String(placed.order) })
// The supplier begins: a start count is known after a tenth of the work.
while (status.status === 'Pending') {
  await new Promise((resolve) => setTimeout(resolve, 100))
  status = await call({ action: 'status', order: String(placed.order) })
}
const { balance } = await call({ action: 'balance' })
child.kill('SIGTERM')
const [code] = await exited
process.stdout.write(`${JSON.stringify({ placed, status, balance, code })}\n`)
