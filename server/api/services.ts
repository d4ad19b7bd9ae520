import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Encoding } from '../requests/accept-encoding.ts'
import { openByteCache } from '../requests/byte-cache.ts'
import type { Catalogue, Service } from '../catalog/catalogue.ts'
import { callersRate } from '../catalog/price.ts'
import { showTerms } from '../catalog/terms.ts'
import { languagesOf, wordsIn } from '../catalog/words.ts'
import type { Caller } from '../customers/callers.ts'
import type { PriceList } from '../customers/prices.ts'
import type { UncheckedParameters } from '../ordering/call.ts'
import { type ReadyAnswer, readyAnswer } from './send.ts'

/** A `services` answer, made once per change, price list, language and form, in every encoding that clients accept. */
export interface ServiceList {
  readonly etag: string
  readonly notModified: ReadyAnswer
  /** The answer, if it is made already. */
  ready(encoding: Encoding): ReadyAnswer | undefined
  make(encoding: Encoding): Promise<ReadyAnswer>
}

export interface ServiceLists {
  listFor(catalogue: Catalogue, caller: Caller, parameters: UncheckedParameters): ServiceList
}

const MOST_BYTES_KEPT = 64_000_000
const compressGzip = promisify(gzip)
const compressBrotli = promisify(brotliCompress)
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }

const LONGEST_TAG = 35

/** Keeps the answers for the newest catalogue; accounts without their own prices share one answer. */
export function openServiceLists(): ServiceLists {
  const kept = openByteCache<ServiceList>(MOST_BYTES_KEPT)
  /** The names of the plain lists by price list: a known list is found without computing its name again. */
  let plain = new WeakMap<PriceList, string>()
  let newest: Catalogue | undefined

  function find(name: string, catalogue: Catalogue, { prices, rights }: Caller, language: string, extended: boolean): ServiceList {
    const found = kept.get(name)
    if (found) return found
    const bytes = Buffer.from(listJson(catalogue, prices, rights?.services ?? null, language, extended))
    const list = compress(bytes)
    // The compressed forms, which are made later, are smaller than the plain one.
    kept.set(name, list, bytes.length * 2)
    return list
  }

  return {
    listFor(catalogue, caller, parameters) {
      if (catalogue !== newest) {
        kept.clear()
        plain = new WeakMap()
        newest = catalogue
      }
      const language = languageOf(catalogue, parameters['lang'])
      const extended = parameters['extended'] === '1'
      const isPlain = language === '' && !extended
      const known = isPlain ? plain.get(caller.prices) : undefined
      const name = known ?? nameOf(caller, language, extended)
      if (isPlain && known === undefined) plain.set(caller.prices, name)
      return find(name, catalogue, caller, language, extended)
    },
  }
}

/** The name of a list, made from all that distinguishes it. It is a digest, because an account may have hundreds of its own rates. */
function nameOf({ prices, rights }: Caller, language: string, extended: boolean): string {
  const allowed = rights?.services ?? null
  const parts = [language, extended, allowed && [...allowed], prices.discountBasisPoints, ...prices.customRates]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}

/** The language in which the catalogue has texts for this caller; empty when it has none, so that callers who ask for an unknown language share
 * the list that exists already. */
function languageOf(catalogue: Catalogue, text: string | undefined): string {
  if (text === undefined || text.length > LONGEST_TAG) return ''
  const tag = text.toLowerCase()
  const spoken = languagesOf(catalogue)
  return [tag, tag.split('-', 1)[0]!].find((language) => spoken.has(language)) ?? ''
}

/** A key that is limited to some services gets only these. */
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

function compress(plain: Buffer): ServiceList {
  // The tag is weak because it is the same in every encoding.
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
