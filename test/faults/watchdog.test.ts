import pino from 'pino'
import { describe, expect, test } from 'vitest'
import { LOOK_EVERY_MS, openWatchdog } from '../../server/watchdog.ts'
import { openDocket } from '../support/docket.ts'

/** A watchdog with a clock that is moved by hand, and what it has written. */
function watched() {
  const told: Record<string, unknown>[] = []
  let time = 1000
  const log = pino({ level: 'warn' }, { write: (line) => void told.push(JSON.parse(line) as Record<string, unknown>) })
  const watchdog = openWatchdog(log, () => time)
  return {
    told,
    takeDelays: watchdog.takeDelays,
    note: (route: string) => watchdog.note(route, time),
    /** So many milliseconds pass without a turn of the event loop. */
    pass: (ms: number) => (time += ms),
    look: () => watchdog.look(),
  }
}

describe('whoever keeps everybody waiting is named in the log', () => {
  test('a handler that computes for long', () => {
    const { told, note, pass, look } = watched()
    note('GET /readyz')
    pass(5)
    note('POST /order')
    pass(300)
    note('POST /order')
    note('status')
    look()
    expect(told).toMatchObject([{ ms: 305 - LOOK_EVERY_MS, routes: ['POST /order'], msg: 'the event loop stood still' }])
  })

  test('a body that takes long to read, before its handler begins', () => {
    const { told, note, pass, look } = watched()
    note('balance')
    pass(250)
    note('a call of the API')
    note('add')
    look()
    expect(told).toMatchObject([{ routes: ['balance', 'a call of the API'] }])
  })

  test('work behind an answer of the database, also where hundreds were answered before', () => {
    const { told, note, pass, look } = watched()
    for (let count = 0; count < 500; count += 1) note('add')
    pass(LOOK_EVERY_MS)
    look()
    pass(400)
    note('GET /statement')
    look()
    expect(told).toMatchObject([{ routes: ['GET /statement'] }])
  })

  test('nobody where no request was worked on', () => {
    const { told, note, pass, look } = watched()
    note('add')
    pass(LOOK_EVERY_MS)
    look()
    pass(1000)
    look()
    expect(told).toMatchObject([{ routes: [] }])
  })

  test('no line is written for less than 200 ms', () => {
    const { told, note, pass, look } = watched()
    note('add')
    pass(199 + LOOK_EVERY_MS)
    look()
    expect(told).toEqual([])
  })
})

test('how late the event loop was is told by quantile, the longest as 1, each time since the time before', () => {
  const { takeDelays, pass, look } = watched()
  for (let turn = 0; turn < 99; turn += 1) {
    pass(LOOK_EVERY_MS)
    look()
  }
  pass(LOOK_EVERY_MS + 150)
  look()
  const delays = takeDelays()
  expect(delays.get(1)).toBeCloseTo(0.15, 2)
  expect(delays.get(0.5)).toBeLessThan(0.001)
  expect(takeDelays().get(1)).toBe(0)
})

describe('of a node', () => {
  const docket = openDocket()

  test('metrics tell how late the event loop was', async () => {
    const text = await (await fetch(`${docket.node.url!}/metrics`)).text()
    for (const quantile of ['0.5', '0.9', '0.99', '1']) {
      expect(text).toMatch(new RegExp(`^docket_event_loop_delay_seconds\\{quantile="${quantile}"\\} \\d`, 'm'))
    }
  })
})
