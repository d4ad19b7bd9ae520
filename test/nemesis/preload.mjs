// Loaded into a server before its own code: lets the checker step this process's clock and stall its event loop, from outside.
import { isMainThread } from 'node:worker_threads'

if (isMainThread) {
  const RealDate = Date
  const realNow = RealDate.now.bind(RealDate)
  let offsetMs = 0
  let stalls

  const now = () => realNow() + offsetMs
  function SteppedDate(...given) {
    if (!new.target) return new RealDate(now()).toString()
    return Reflect.construct(RealDate, given.length === 0 ? [now()] : given, new.target)
  }
  SteppedDate.prototype = RealDate.prototype
  Object.setPrototypeOf(SteppedDate, RealDate)
  SteppedDate.now = now
  globalThis.Date = SteppedDate

  function stallNowAndThen({ ms, everyMs, forMs }) {
    clearInterval(stalls)
    const until = performance.now() + forMs
    stalls = setInterval(() => {
      if (performance.now() > until) return clearInterval(stalls)
      const end = performance.now() + ms
      while (performance.now() < end);
    }, everyMs).unref()
  }

  function obey({ offset, stall }) {
    if (offset !== undefined) offsetMs = offset
    if (stall !== undefined) stallNowAndThen(stall)
  }

  obey(JSON.parse(process.env.NEMESIS_CONTROL ?? '{}'))
  process.on('message', obey)
  // A checker that died leaves no server behind.
  process.on('disconnect', () => process.exit(1))
  process.channel?.unref()
}
