import type { FastifyReply } from 'fastify'
import { openServiceLists } from '../../server/api/services.ts'
import { readCatalogue } from '../../server/catalog/catalogue.ts'
import type { Caller } from '../../server/customers/callers.ts'
import type { Database } from '../../server/db/pool.ts'

/** Sends the bytes that the server would answer, without checking the key: it looks only at the headers about encoding and caching. */
export async function rememberServices(db: Database) {
  const catalogue = await readCatalogue(db)
  const anybody = { prices: { discountBasisPoints: 0, customRates: new Map() } } as unknown as Caller
  const list = openServiceLists().listFor(catalogue, anybody, {})
  const encoded = new Map<unknown, Buffer>([
    ['br', (await list.make('br')).bytes!],
    ['gzip', (await list.make('gzip')).bytes!],
  ])
  const common = { 'content-type': 'application/json', 'cache-control': 'no-store', etag: list.etag, vary: 'accept-encoding' }

  return (reply: FastifyReply, headers: Readonly<Record<string, unknown>>) => {
    reply.headers(common)
    if (headers['if-none-match'] !== undefined) return reply.code(304).send()
    const bytes = encoded.get(headers['accept-encoding'])
    if (!bytes) return reply.send(list.ready('identity')!.bytes)
    return reply.header('content-encoding', headers['accept-encoding']).send(bytes)
  }
}
