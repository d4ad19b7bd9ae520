import pino from 'pino'
import { type Node, startNode } from '../../server/main.ts'
import { type Docket, testConfig } from './docket.ts'

const seconds = new WeakMap<Docket, Node>()

/** Another node on the test's database and clock; whoever starts it stops it. */
export async function secondNode(docket: Docket, settings: Record<string, string> = {}): Promise<Node> {
  const node = await startNode(testConfig(docket.databaseUrl, settings), pino({ level: 'silent' }), docket.clock.now)
  seconds.set(docket, node)
  return node
}

/** The addresses of all nodes that Docket has. */
export function urlsOf(docket: Docket): string[] {
  return [docket.node.url!, ...(seconds.has(docket) ? [seconds.get(docket)!.url!] : [])]
}
