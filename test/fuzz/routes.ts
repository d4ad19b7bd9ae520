import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance, RouteOptions } from 'fastify'
import pino from 'pino'
import { readConfig } from '../../server/config.ts'
import { type HttpNode, openHttp } from '../../server/http.ts'
import { openRequestsUnderWay } from '../../server/requests/under-way.ts'
import { openSettings } from '../../server/settings/settings.ts'
import type { Target } from './surface/target.ts'

/** A route as the server knows it, like `GET /orders/:id`. */
export interface Route {
  readonly method: string
  readonly url: string
}

/** Every route that a server has: they are noted while it registers them, because its router does not tell them. */
export async function routesOfServer(): Promise<Route[]> {
  const routes: Route[] = []
  const note = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url }: RouteOptions) => {
      for (const one of [method].flat()) routes.push({ method: one, url })
    })
  }
  subscribe('fastify.initialization', note)
  try {
    const config = readConfig({}, { DOCKET_PORT: '0' })
    // No request is made: nothing else of the node is asked.
    const parts = { settings: openSettings(config), phase: () => 'ready', requests: openRequestsUnderWay(), noteWork() {} }
    await openHttp(config, pino({ level: 'silent' }), parts as unknown as HttpNode).ready()
  } finally {
    unsubscribe('fastify.initialization', note)
  }
  return routes
}

/** The route that answers a target: of those that fit, the one with the fewest open parts. */
export function routeOf(routes: readonly Route[], { method, path }: Pick<Target, 'method' | 'path'>): Route | undefined {
  const parts = path.split('/')
  const fitting = routes.filter((route) => route.method === method && fits(route.url.split('/'), parts))
  return fitting.toSorted((one, other) => openParts(one) - openParts(other))[0]
}

function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  return pattern.length === parts.length && pattern.every((part, at) => part.startsWith(':') || part === parts[at])
}

function openParts({ url }: Route): number {
  return url.split('/').filter((part) => part.startsWith(':')).length
}
