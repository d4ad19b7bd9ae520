// Loaded before anything else (node --import): notes every address that this process turns to, one JSON line each.
import dgram from 'node:dgram'
import dns from 'node:dns'
import { appendFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

const file = process.env['TARGETS_FILE']
const note = (kind, target) => appendFileSync(file, `${JSON.stringify({ kind, target })}\n`)

for (const name of ['connect']) {
  const original = net.Socket.prototype[name]
  net.Socket.prototype[name] = function (...given) {
    const first = Array.isArray(given[0]) ? given[0][0] : given[0]
    const isPath = typeof first === 'string' && Number.isNaN(Number(first))
    const options = typeof first === 'object' ? first : isPath ? { path: first } : { host: given[1] }
    note('connect', options.path ?? (typeof options.host === 'string' ? options.host : 'localhost'))
    return original.apply(this, given)
  }
}

for (const name of ['connect', 'send']) {
  const original = dgram.Socket.prototype[name]
  dgram.Socket.prototype[name] = function (...given) {
    note('dgram', given.filter((each) => typeof each === 'string').join(' '))
    return original.apply(this, given)
  }
}

for (const asker of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
  for (const name of Object.getOwnPropertyNames(asker).filter((each) => /^(lookup|resolve|reverse)/.test(each))) {
    const original = asker[name]
    if (typeof original !== 'function') continue
    asker[name] = function (...given) {
      note('dns', String(given[0]))
      return original.apply(this, given)
    }
  }
}
syncBuiltinESMExports()
note('watching', 'begun')
