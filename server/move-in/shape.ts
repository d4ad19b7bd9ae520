import { serviceTypeByName } from '../../contract/service-types.ts'
import { isEmail } from '../customers/email.ts'
import { languageByCode } from '../texts/languages.ts'
import { onOneLine } from '../text.ts'
import { isUrl } from '../url.ts'
import type { PanelAccount, PanelPrice, PanelService, PanelSupplier, Raw } from './panel.ts'
import type { Findings } from './report.ts'
import { isMojibake, readDate, readId, readMoney, readRate, readWhole } from './values.ts'

/** Reads what a panel tells into our shapes. What cannot be meant is told to the findings with its row; undefined: it is left out. */

const MOST_QUANTITY = 1_000_000_000_000n

export function shapeSupplier(raw: Raw, findings: Findings): PanelSupplier | undefined {
  const row = `supplier ${raw['id']}`
  const id = textOf(raw['id'])
  if (id === '' || id === '0') return leftOut(findings, 'a supplier without an id', row, raw['name'])
  const name = cleanName(raw['name'], row, findings) || `Supplier ${id}`
  const [url, key] = [textOf(raw['url']), textOf(raw['key'])]
  const isUsable = /^https?:\/\//i.test(url) && isUrl(url) && key !== ''
  if (!isUsable) findings.odd('a supplier has no usable address and key: staff do its orders until it has', row, name)
  const currency = /^[A-Za-z]{3}$/.test(textOf(raw['currency'])) ? textOf(raw['currency']).toUpperCase() : null
  return { id, name: name.slice(0, 200), api: isUsable ? { url, key } : null, currency }
}

const typeNames = new Map([...serviceTypeByName.keys()].map((name) => [bareName(name), name]))

export function shapeService(raw: Raw, findings: Findings): PanelService | undefined {
  const row = `service ${raw['id']}`
  const id = readId(raw['id'], 999_999_999)
  if (id === undefined) return leftOut(findings, 'the id of a service is no positive whole number', row, raw['name'])
  const rate = readRate(raw['rate'])
  if (rate === undefined || rate.length > 25) return leftOut(findings, 'the price of a service is no number', row, raw['rate'])
  const type = typeNames.get(bareName(textOf(raw['type'])))
  if (type === undefined) findings.odd('the type of a service is not known here: it is disabled until you set it', row, raw['type'])
  const [min, max] = limitsOf(raw, row, findings)
  const supplier = textOf(raw['supplier'])
  return {
    id,
    name: (cleanName(raw['name'], row, findings) || `Service ${id}`).slice(0, 1000),
    category: cleanName(raw['category'], row, findings).slice(0, 500),
    type: type ?? 'Default',
    rate,
    min: Number(min),
    max: Number(max),
    dripfeed: isYes(raw['dripfeed']),
    refill: isYes(raw['refill']),
    refillDays: readId(raw['refillDays'], 36_500) ?? null,
    cancel: isYes(raw['cancel']),
    state: type === undefined ? 'disabled' : raw['state'] === 'hidden' ? 'hidden' : raw['state'] === 'disabled' ? 'disabled' : 'on sale',
    description: textOf(raw['description']).replaceAll('\0', '').toWellFormed().slice(0, 20_000),
    translations: translationsOf(raw),
    supplier: supplier === '' || supplier === '0' ? null : supplier,
    theirService: textOf(raw['theirService']) || null,
    costRate: raw['costRate'] ? (readRate(raw['costRate']) ?? null) : null,
  }
}

function limitsOf(raw: Raw, row: string, findings: Findings): [min: bigint, max: bigint] {
  const read = (text: string | null | undefined, otherwise: bigint) => {
    const number = readWhole(text) ?? otherwise
    return number < 0n ? 0n : number > MOST_QUANTITY ? MOST_QUANTITY : number
  }
  const [min, max] = [read(raw['min'], 1n), read(raw['max'], 1_000_000n)]
  if (min <= max) return [min, max]
  findings.odd('the least quantity of a service is above its most', row, `${min} and ${max}`)
  return [max, min]
}

/** `{"en": "Views", "tr": "İzlenme"}`, as the GlyCon family keeps its names. */
function translationsOf(raw: Raw): PanelService['translations'] {
  const found: Record<string, { name?: string; category?: string }> = {}
  for (const [field, as] of [
    ['names', 'name'],
    ['categoryNames', 'category'],
  ] as const) {
    // prettier-ignore
    for (const [code, word] of Object.entries(wordsIn(raw[field]))) {
      const language = languageByCode(code)
      if (language && language.code !== 'en') found[language.code] = { ...found[language.code], [as]: word }
    }
  }
  return found
}

function wordsIn(text: string | null | undefined): Record<string, string> {
  try {
    const value = JSON.parse(text ?? '') as unknown
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return {}
    return Object.fromEntries(Object.entries(value).filter(([, word]) => typeof word === 'string' && word.trim() !== ''))
  } catch {
    return {}
  }
}

export function shapeAccount(raw: Raw, now: Date, findings: Findings): PanelAccount | undefined {
  const row = `account ${raw['id']}`
  const id = readId(raw['id'])
  if (id === undefined) return leftOut(findings, 'the id of an account is no positive whole number', row, raw['email'])
  const balance = readMoney(raw['balance'] ?? '0')
  if (!balance) findings.odd('a balance is no number: nothing is brought over', row, raw['balance'])
  if (balance?.isRounded) findings.odd('a balance has more than five digits behind the dot: it was rounded', row, raw['balance'])
  if (balance && balance.units < 0n) findings.odd('a balance is below zero: it is owed from now on', row, raw['balance'])
  const email = textOf(raw['email'])
  const hasNoAddress = !isEmail(email)
  if (hasNoAddress) findings.odd('an account has no usable e-mail address: it gets one that nobody reads', row, raw['email'])
  if (Number(raw['ownRate'] ?? '0'))
    findings.odd('an account has a general rate of its own there: agree a discount with it here', row, raw['ownRate'])
  const key = textOf(raw['key'])
  if (key !== '' && key.length < 16) findings.odd('a key is too short to be safe: it is not brought over', row)
  return {
    id,
    email: hasNoAddress ? addressOfNobody(id) : email,
    hasNoAddress,
    balance: balance?.units ?? 0n,
    suspended: raw['state'] === 'suspended',
    key: key.length < 16 || key.length > 512 ? null : key,
    locale: languageByCode(textOf(raw['locale']))?.code ?? null,
    createdAt: dateOf(raw['createdAt'], row, findings) ?? now,
  }
}

/** An address that no mail is ever sent to (RFC 2606). */
export function addressOfNobody(id: number): string {
  return `account-${id}@no-address.invalid`
}

export function shapePrice(raw: Raw, findings: Findings): PanelPrice | undefined {
  const row = `own price of account ${raw['account']}, service ${raw['service']}`
  const [account, service, rate] = [readId(raw['account']), readId(raw['service']), readRate(raw['rate'])]
  if (account === undefined || service === undefined || rate === undefined)
    return leftOut(findings, 'an own price cannot be read', row, raw['rate'])
  return { account, service, rate }
}

/** The date; null: there is none that can be meant, which is told. */
export function dateOf(text: string | null | undefined, row: string, findings: Findings): Date | null {
  const date = readDate(text)
  if (date === null && text) findings.odd('a date of zeros', row, text)
  if (date === undefined) findings.odd('a date cannot be read', row, text)
  return date ?? null
}

function cleanName(text: string | null | undefined, row: string, findings: Findings): string {
  const name = onOneLine(text ?? '')
  if (isMojibake(name)) findings.odd('a text was broken by a change of its encoding', row, name)
  return name
}

export function textOf(text: string | null | undefined): string {
  return (text ?? '').trim()
}

export function isYes(text: string | null | undefined): boolean {
  return /^(1|2|true|yes|on)$/i.test(textOf(text)) && textOf(text) !== '0'
}

export function bareName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

export function leftOut(findings: Findings, what: string, row: string, told?: string | null): undefined {
  findings.odd(`${what}: it is left out`, row, told)
  return undefined
}
