import { connect } from 'node:net'
import { Writable } from 'node:stream'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Node, startNode } from '../../server/main.ts'
import { freshDatabase, testConfig } from '../support/docket.ts'

const told: string[] = []
let node: Node

beforeAll(async () => {
  const keep = new Writable({ write: (line, _, done) => (told.push(String(line)), done()) })
  node = await startNode(testConfig(await freshDatabase(), {}), pino({ level: 'error' }, keep))
})
afterAll(() => node.stop())

/** Sends three requests at once, and tears the connection down before any is answered. */
function askAndVanish(port: number): Promise<void> {
  const body = 'key=none&action=balance'
  const post = `POST /api/v2 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(post.repeat(3), () => socket.resetAndDestroy())
    })
    socket.on('close', () => resolve())
    socket.on('error', reject)
  })
}

test('a client that is gone before its request is read is no fault of ours', async () => {
  const port = Number(new URL(node.url!).port)
  for (let round = 0; round < 40; round += 1) await Promise.all(Array.from({ length: 25 }, () => askAndVanish(port)))
  const ready = await fetch(`${node.url}/readyz`)
  expect(ready.status).toBe(200)
  expect(told).toEqual([])
})
