import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { type HttpNode, openHttp } from '../http.ts'
import { drainOf, type Stops } from './stopping.ts'

export interface ListeningHttp {
  readonly url: string
  /** Refuses new connections, and settles when the requests under way are answered. */
  drain(): Promise<void>
}

/** Listens at the address of the settings. Throws one sentence if that address is taken. */
export async function listenHttp(config: Config, log: Logger, node: HttpNode, stops: Stops): Promise<ListeningHttp> {
  const http = openHttp(config, log, node)
  const drain = drainOf(http, node.requests)
  stops.push(async () => node.requests.stop())
  stops.push(() => http.close())
  try {
    await http.listen({ host: config.host, port: config.port, backlog: 2048 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw new Error(`Port ${config.port} is taken: stop what listens there or choose another with --port.`, { cause: error })
    throw error
  }
  return { url: addressOf(http), drain }
}

function addressOf(http: FastifyInstance): string {
  const address = http.server.address()
  if (address === null || typeof address === 'string') return String(address)
  const host = address.address === '::' || address.address === '0.0.0.0' ? 'localhost' : address.address
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
}
