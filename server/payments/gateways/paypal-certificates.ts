import { type KeyObject, X509Certificate } from 'node:crypto'
import type { Outgoing } from '../../outgoing/fetch.ts'
import { parseUrl } from '../../url.ts'

interface Known {
  readonly key: KeyObject
  readonly from: number
  readonly until: number
}

const LARGEST_BYTES = 16 * 1024
const TIME_LIMIT_MS = 5000
const MOST_KNOWN = 8
const MOST_TRIES_A_MINUTE = 10

/**
 * The certificates that PayPal signs its calls with. A call names its own by an address: it is fetched only from PayPal's host for this API, by https,
 * and what a certificate says is believed because that host handed it out. Callers cannot make us fetch more than ten a minute, nor remember more than
 * eight.
 */
export class PayPalCertificates {
  readonly #origins: ReadonlySet<string>
  readonly #outgoing: Outgoing
  readonly #now: () => Date
  readonly #known = new Map<string, Known>()
  readonly #underWay = new Map<string, Promise<void>>()
  #minute = 0
  #tries = 0

  constructor(origins: readonly string[], outgoing: Outgoing, now: () => Date) {
    this.#origins = new Set(origins)
    this.#outgoing = outgoing
    this.#now = now
  }

  keyOf(address: string, now: Date): KeyObject | undefined {
    const known = this.#known.get(address)
    return known && known.from <= now.getTime() && now.getTime() < known.until ? known.key : undefined
  }

  async learn(address: string): Promise<void> {
    if (this.#known.has(address) || !this.#isPayPals(address)) return
    const underWay = this.#underWay.get(address)
    if (underWay) return underWay
    if (!this.#mayTry()) return
    const fetching = this.#fetch(address).finally(() => this.#underWay.delete(address))
    this.#underWay.set(address, fetching)
    return fetching
  }

  #isPayPals(address: string): boolean {
    const url = address.length > 300 ? undefined : parseUrl(address)
    // Compared as it was written: no user, no port, no dots and no query that a parser would take away.
    return (
      url !== undefined && this.#origins.has(url.origin) && /^\/v1\/notifications\/certs\/[\w-]+$/.test(address.slice(url.origin.length))
    )
  }

  #mayTry(): boolean {
    const minute = Math.floor(this.#now().getTime() / 60_000)
    if (minute !== this.#minute) [this.#minute, this.#tries] = [minute, 0]
    this.#tries += 1
    return this.#tries <= MOST_TRIES_A_MINUTE
  }

  async #fetch(address: string): Promise<void> {
    const options = { method: 'GET', headers: { accept: '*/*' }, bodyLimitBytes: LARGEST_BYTES, timeLimitMs: TIME_LIMIT_MS } as const
    const outcome = await this.#outgoing.call(address, options)
    const read = outcome.kind === 'answered' && outcome.status === 200 ? readCertificate(outcome.text) : undefined
    if (!read) return
    const [oldest] = this.#known.size >= MOST_KNOWN ? this.#known.keys() : []
    if (oldest !== undefined) this.#known.delete(oldest)
    this.#known.set(address, read)
  }
}

function readCertificate(pem: string): Known | undefined {
  try {
    const { publicKey, validFrom, validTo } = new X509Certificate(pem)
    return publicKey.asymmetricKeyType === 'rsa' ? { key: publicKey, from: Date.parse(validFrom), until: Date.parse(validTo) } : undefined
  } catch {
    return undefined
  }
}
