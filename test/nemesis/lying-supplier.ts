import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bindSupplier } from '../../server/orders/bind-supplier.ts'
import { openPool } from '../../server/db/pool.ts'
import { openSecret } from '../../server/secret.ts'
import { addSupplier } from '../../server/suppliers/registry.ts'
import type { Dice } from './dice.ts'
import { LYING_SERVICE } from './shop.ts'

export interface LyingSupplier {
  readonly url: string
  close(): Promise<void>
}

/** A panel that takes orders and says what it likes: the same id for two orders, an error page, half an answer, nothing at all. What it
 * does must cost no customer money and hold up nobody else's orders. */
export async function openLyingSupplier(dice: Dice): Promise<LyingSupplier> {
  let orders = 500
  const answers: ((response: ServerResponse, action: string) => void)[] = [
    (response, action) => response.end(JSON.stringify(action === 'add' ? { order: (orders += 1) } : standing('Completed', '0'))),
    (response, action) => response.end(JSON.stringify(action === 'add' ? { order: 500 } : standing('Partial', '999999'))),
    (response) => response.end(JSON.stringify({ error: 'Incorrect order ID' })),
    (response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>502 Bad Gateway</h1>'),
    (response) => response.end('{"order":'),
    (response) => response.destroy(),
    () => {},
  ]
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (piece) => (text += String(piece)))
    request.on('end', () => dice.pick(answers)(response, new URLSearchParams(text).get('action') ?? ''))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const standing = (status: string, remains: string) => ({ charge: '0.01', start_count: '1', status, remains, currency: 'USD' })

export async function bindLyingSupplier(databaseUrl: string, supplierUrl: string, secretText: string): Promise<void> {
  const db = openPool(databaseUrl, { size: 1, name: 'nemesis shop' })
  try {
    const secret = await openSecret({ secret: secretText, dataDirectory: '' })
    const supplier = {
      name: 'liar',
      protocol: 'api-v2' as const,
      url: supplierUrl,
      key: 'liar-key',
      privateNetwork: true,
      keepsRetryKeys: null,
    }
    await addSupplier(db, supplier, secret)
    await bindSupplier(db, LYING_SERVICE, 'liar', { theirService: '1', costRate: null, multiplier: 1, position: null })
  } finally {
    await db.end()
  }
}
