// A supplier that does no work: it accepts every order, which stays In progress. Usage: `instant-panel.ts PORT`; /counts returns its PanelCounts.
import { createServer, type IncomingMessage } from 'node:http'

/** The number of orders placed and of ids in status calls, with the times of the first and the last order, in ms of the panel's clock. */
export interface PanelCounts {
  added: number
  firstAdd: number
  lastAdd: number
  asked: number
}

const counts: PanelCounts = { added: 0, firstAdd: 0, lastAdd: 0, asked: 0 }
const [port] = process.argv.slice(2)

const server = createServer(async (request, response) => {
  if (request.url === '/readyz') return response.end()
  if (request.url === '/counts') return response.end(JSON.stringify(counts))
  const form = new URLSearchParams(await bodyOf(request))
  response.setHeader('content-type', 'application/json')
  return response.end(answer(form))
})
process.once('SIGTERM', () => process.exit())
server.listen(Number(port), '127.0.0.1')

function answer(form: URLSearchParams): string {
  if (form.get('action') === 'add') {
    counts.added += 1
    counts.firstAdd ||= performance.now()
    counts.lastAdd = performance.now()
    return `{"order":${counts.added}}`
  }
  if (form.get('action') !== 'status') return '{"error":"Incorrect request"}'
  const ids = (form.get('orders') ?? form.get('order') ?? '').split(',')
  counts.asked += ids.length
  const standing = '{"charge":"0.05","start_count":"7","status":"In progress","remains":"40","currency":"USD"}'
  return form.has('orders') ? `{${ids.map((id) => `"${id}":${standing}`).join(',')}}` : standing
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
