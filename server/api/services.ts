import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Catalogue, Service } from '../catalog/catalogue.ts'
import { callersRate } from '../catalog/price.ts'
import type { Caller } from '../customers/callers.ts'
import type { PriceList } from '../customers/prices.ts'
import type { UncheckedParameters } from './parameters.ts'

export type Encoding = 'identity' | 'gzip' | 'br'

/** A `services` answer made once per change, price list, language and form, in every encoding that clients take. */
export interface ServiceList {
  readonly etag: string
  /** The bytes when they are made already. */
  ready(encoding: Encoding): Buffer | undefined
  make(encoding: Encoding): Promise<Buffer>
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
  let version = -1n

  return {
    listFor(catalogue, caller, parameters) {
      if (catalogue.version !== version) {
        kept.clear()
        version = catalogue.version
      }
      const language = languageOf(parameters['lang'])
      const extended = parameters['extended'] === '1'
      const name = `${language} ${extended} ${priceListName(caller.prices)}`
      const found = kept.get(name)
      if (found) return found
      const list = compress(listJson(catalogue, caller.prices, language, extended))
      if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!)
      kept.set(name, list)
      return list
    },
  }
}

const names = new WeakMap<PriceList, string>()

/** What tells price lists apart, spelt out once a list: an account may have hundreds of rates of its own. */
function priceListName(prices: PriceList): string {
  const known = names.get(prices)
  if (known !== undefined) return known
  const name = JSON.stringify([prices.discountBasisPoints, ...prices.customRates])
  names.set(prices, name)
  return name
}

function languageOf(text: string | undefined): string {
  return text !== undefined && /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(text) ? text.toLowerCase() : ''
}

function listJson(catalogue: Catalogue, prices: PriceList, language: string, extended: boolean): string {
  const onSale = [...catalogue.services.values()].filter((service) => service.state === 'on sale')
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
  return { ...entry, description: words.description ?? service.description, refill_days: service.refill ? service.refillDays : null }
}

/** The language itself, else its base: `pt-BR`, then `pt`. */
function wordsIn(service: Service, language: string): { name?: string; category?: string; description?: string } {
  if (language === '') return {}
  const byLanguage = new Map(Object.entries(service.translations).map(([name, words]) => [name.toLowerCase(), words]))
  return byLanguage.get(language) ?? byLanguage.get(language.split('-')[0]!) ?? {}
}

function compress(json: string): ServiceList {
  const plain = Buffer.from(json)
  const ready = new Map<Encoding, Buffer>([['identity', plain]])
  const making = new Map<Encoding, Promise<Buffer>>()
  const start = async (encoding: Encoding) => {
    const bytes = encoding === 'br' ? await compressBrotli(plain, BROTLI) : await compressGzip(plain, { level: 6 })
    ready.set(encoding, bytes)
    return bytes
  }
  return {
    // Weak: the same list in every encoding.
    etag: `W/"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    ready: (encoding) => ready.get(encoding),
    make(encoding) {
      const bytes = making.get(encoding) ?? start(encoding)
      making.set(encoding, bytes)
      return bytes
    },
  }
}
