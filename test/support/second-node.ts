import pino from 'pino'
import { type Node, startNode } from '../../server/main.ts'
import { type Desk, testConfig } from './desk.ts'

const seconds = new WeakMap<Desk, Node>()

/** Another node on the desk's database and clock; whoever starts it stops it. */
export async function secondNode(desk: Desk, settings: Record<string, string> = {}): Promise<Node> {
  const node = await startNode(testConfig(desk.databaseUrl, settings), pino({ level: 'silent' }), desk.clock.now)
  seconds.set(desk, node)
  return node
}

/** The addresses of all nodes that a desk has. */
export function urlsOf(desk: Desk): string[] {
  return [desk.node.url!, ...(seconds.has(desk) ? [seconds.get(desk)!.url!] : [])]
}
