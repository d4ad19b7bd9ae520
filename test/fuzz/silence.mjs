// Loaded into the node under test before anything else (node --import). It writes a line for each time that the event loop stood still for long, with
// the processor time that its own thread has taken meanwhile. The watchdog of the server knows only the time of all threads together, and a busy machine
// makes any work long: who is to blame is told by the thread's own clock, without what collecting garbage took.
import { openSync, readSync } from 'node:fs'
import { PerformanceObserver } from 'node:perf_hooks'

const EVERY_MS = 20
const TOLD_FROM_MS = 150
const collected = []

/** Milliseconds of processor time of the thread that asks. Elsewhere than on Linux, those of the process. */
function openClock() {
  try {
    const file = openSync('/proc/thread-self/schedstat', 'r')
    const text = Buffer.alloc(64)
    return () => Number.parseInt(text.toString('latin1', 0, readSync(file, text, 0, text.length, 0)), 10) / 1e6
  } catch {
    return () => process.cpuUsage().user / 1000
  }
}

const threadMs = openClock()
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) collected.push({ startTime, duration })
}).observe({ entryTypes: ['gc'] })

let looked = performance.now()
let worked = threadMs()

setInterval(() => {
  const [since, until, before, after] = [looked, performance.now(), worked, threadMs()]
  looked = until
  worked = after
  const ms = until - since - EVERY_MS
  // Entries of the garbage collector arrive after the gap that they are part of.
  if (ms >= TOLD_FROM_MS) setTimeout(tell, 100, { ms, ownMs: after - before, since, until }).unref()
  else if (collected.length > 1000) collected.splice(0, 500)
}, EVERY_MS).unref()

function tell({ ms, ownMs, since, until }) {
  const during = collected.filter(({ startTime, duration }) => startTime + duration > since && startTime < until)
  const gcMs = during.reduce((sum, { duration }) => sum + duration, 0)
  const [whole, own, gc] = [ms, ownMs, gcMs].map(Math.round)
  process.stdout.write(`${JSON.stringify({ silence: { ms: whole, ownMs: own, gcMs: gc, atMs: Math.round(since) } })}\n`)
}
