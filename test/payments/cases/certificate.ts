import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export interface SelfSigned {
  readonly pem: string
  readonly privateKey: KeyObject
}

/** A certificate as X.509 has it, which Node reads but does not make. */
export function selfSigned(commonName: string, from: Date, until: Date): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const name = sequence(tagged(0x31, sequence(tagged(0x06, Buffer.from('550403', 'hex')), tagged(0x0c, Buffer.from(commonName)))))
  const algorithm = sequence(tagged(0x06, Buffer.from('2a864886f70d01010b', 'hex')), tagged(0x05, Buffer.alloc(0)))
  const validity = sequence(utcTime(from), utcTime(until))
  const key = publicKey.export({ type: 'spki', format: 'der' })
  const facts = sequence(tagged(0x02, Buffer.from([1])), algorithm, name, validity, name, key)
  const signature = tagged(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', facts, privateKey)]))
  const lines = sequence(facts, algorithm, signature)
    .toString('base64')
    .match(/.{1,64}/g)!
  return { pem: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'), privateKey }
}

function tagged(tag: number, content: Buffer): Buffer {
  const size = content.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts))
}

function utcTime(time: Date): Buffer {
  return tagged(0x17, Buffer.from(`${time.toISOString().replace(/\D/g, '').slice(2, 14)}Z`))
}
