import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Encoding } from '../accept-encoding.ts'
import type { Catalogue, Service } from '../catalog/catalogue.ts'
import { callersRate } from '../catalog/price.ts'
import { showTerms } from '../catalog/terms.ts'
import { wordsIn } from '../catalog/words.ts'
import type { Caller } from '../customers/callers.ts'
import type { PriceList } from '../customers/prices.ts'
import type { UncheckedParameters } from '../ordering/call.ts'
import { type ReadyAnswer, readyAnswer } from './send.ts'

/** A `services` answer made once per change, price list, language and form, in every encoding that clients take. */
export interface ServiceList {
  readonly etag: string
  readonly notModified: ReadyAnswer
  /** The answer when it is made already. */
  ready(encoding: Encoding): ReadyAnswer | undefined
  make(encoding: Encoding): Promise<ReadyAnswer>
}

export interface ServiceLists {
  listFor(catalogue: Catalogue, caller: Caller, parameters: UncheckedParameters): ServiceList
}

const MOST_KEPT = 64
const compressGzip = promisify(gzip)
const compressBrotli = promisify(brotliCompress)
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }

/** Keeps the answers of the newest catalogue; accounts without prices of their own share one. */
export function openServiceLists(): ServiceLists {
  const kept = new Map<string, ServiceList>()
  /** By the price list itself: finding a list costs no spelling out of what makes it. */
  let plain = new WeakMap<PriceList, ServiceList>()
  let newest: Catalogue | undefined

  function find(catalogue: Catalogue, { prices, rights }: Caller, language: string, extended: boolean): ServiceList {
    const allowed = rights?.services ?? null
    // An account may have hundreds of rates of its own.
    const name = JSON.stringify([language, extended, allowed && [...allowed], prices.discountBasisPoints, ...prices.customRates])
    const found = kept.get(name)
    if (found) return found
    const list = compress(listJson(catalogue, prices, allowed, language, extended))
    if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!)
    kept.set(name, list)
    return list
  }

  return {
    listFor(catalogue, caller, parameters) {
      const { prices } = caller
      if (catalogue !== newest) {
        kept.clear()
        plain = new WeakMap()
        newest = catalogue
      }
      const language = languageOf(parameters['lang'])
      const extended = parameters['extended'] === '1'
      if (language !== '' || extended) return find(catalogue, caller, language, extended)
      const known = plain.get(prices)
      if (known) return known
      const list = find(catalogue, caller, language, extended)
      plain.set(prices, list)
      return list
    },
  }
}

function languageOf(text: string | undefined): string {
  return text !== undefined && /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(text) ? text.toLowerCase() : ''
}

/** Of a key that is handed out for some services, only these. */
function listJson(
  catalogue: Catalogue,
  prices: PriceList,
  allowed: ReadonlySet<number> | null,
  language: string,
  extended: boolean,
): string {
  const onSale = [...catalogue.services.values()].filter(
    (service) => service.state === 'on sale' && (allowed === null || allowed.has(service.id)),
  )
  return JSON.stringify(onSale.map((service) => listed(service, prices, language, extended)))
}

function listed(service: Service, prices: PriceList, language: string, extended: boolean) {
  const words = wordsIn(service, language)
  const entry = {
    service: service.id,
    name: words.name ?? service.name,
    type: service.type,
    rate: callersRate(service.id, service.rate, prices).text,
    min: service.min.toString(),
    max: service.max.toString(),
    dripfeed: service.dripfeed,
    refill: service.refill,
    cancel: service.cancel,
    category: words.category ?? service.category,
  }
  if (!extended) return entry
  const description = words.description ?? service.description
  return { ...entry, description, refill_days: service.refill ? service.refillDays : null, ...showTerms(service) }
}

function compress(json: string): ServiceList {
  const plain = Buffer.from(json)
  // Weak: the same list in every encoding.
  const etag = `W/"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
  const headers = { etag, vary: 'accept-encoding' }
  const ready = new Map<Encoding, ReadyAnswer>([['identity', readyAnswer(200, headers, plain)]])
  const making = new Map<Encoding, Promise<ReadyAnswer>>()
  const start = async (encoding: Encoding) => {
    if (encoding === 'identity') return ready.get(encoding)!
    const bytes = encoding === 'br' ? await compressBrotli(plain, BROTLI) : await compressGzip(plain, { level: 6 })
    const answer = readyAnswer(200, { ...headers, 'content-encoding': encoding }, bytes)
    ready.set(encoding, answer)
    return answer
  }
  return {
    etag,
    notModified: readyAnswer(304, headers),
    ready: (encoding) => ready.get(encoding),
    make(encoding) {
      const answer = making.get(encoding) ?? start(encoding)
      making.set(encoding, answer)
      return answer
    },
  }
}
