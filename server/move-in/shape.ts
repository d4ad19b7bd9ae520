import { serviceTypeByName } from '../../contract/service-types.ts'
import { isEmail } from '../customers/email.ts'
import { languageByCode } from '../texts/languages.ts'
import { onOneLine } from '../text.ts'
import { isUrl } from '../url.ts'
import type { OddityCode, OddRow } from './oddities.ts'
import type { PanelAccount, PanelPrice, PanelService, PanelSupplier, Raw } from './panel.ts'
import type { Findings } from './report.ts'
import { isMojibake, readDate, readId, readMoney, readRate, readWhole } from './values.ts'

/** Reads what a panel tells into our shapes. What cannot be meant is told to the findings with its row; undefined: it is left out. */

const MOST_QUANTITY = 1_000_000_000_000n

export function shapeSupplier(raw: Raw, findings: Findings): PanelSupplier | undefined {
  const row: OddRow = ['supplier', raw['id']]
  const id = textOf(raw['id'])
  if (id === '' || id === '0') return leftOut(findings, 'supplier_without_id', row, raw['name'])
  const name = cleanName(raw['name'], row, findings) || `Supplier ${id}`
  const [url, key] = [textOf(raw['url']), textOf(raw['key'])]
  const isUsable = /^https?:\/\//i.test(url) && isUrl(url) && key !== ''
  if (!isUsable) findings.odd('supplier_without_access', row, name)
  const currency = /^[A-Za-z]{3}$/.test(textOf(raw['currency'])) ? textOf(raw['currency']).toUpperCase() : null
  return { id, name: name.slice(0, 200), api: isUsable ? { url, key } : null, currency }
}

const typeNames = new Map([...serviceTypeByName.keys()].map((name) => [bareName(name), name]))

export function shapeService(raw: Raw, findings: Findings): PanelService | undefined {
  const row: OddRow = ['service', raw['id']]
  const id = readId(raw['id'], 999_999_999)
  if (id === undefined) return leftOut(findings, 'service_id', row, raw['name'])
  const rate = readRate(raw['rate'])
  if (rate === undefined || rate.length > 25) return leftOut(findings, 'service_price', row, raw['rate'])
  const type = typeNames.get(bareName(textOf(raw['type'])))
  if (type === undefined) findings.odd('service_type', row, raw['type'])
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

function limitsOf(raw: Raw, row: OddRow, findings: Findings): [min: bigint, max: bigint] {
  const read = (text: string | null | undefined, otherwise: bigint) => {
    const number = readWhole(text) ?? otherwise
    return number < 0n ? 0n : number > MOST_QUANTITY ? MOST_QUANTITY : number
  }
  const [min, max] = [read(raw['min'], 1n), read(raw['max'], 1_000_000n)]
  if (min <= max) return [min, max]
  findings.odd('service_limits', row, `${min} and ${max}`)
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
  const row: OddRow = ['account', raw['id']]
  const id = readId(raw['id'])
  if (id === undefined) return leftOut(findings, 'account_id', row, raw['email'])
  const balance = readMoney(raw['balance'] ?? '0')
  if (!balance) findings.odd('balance_no_number', row, raw['balance'])
  if (balance?.isRounded) findings.odd('balance_rounded', row, raw['balance'])
  if (balance && balance.units < 0n) findings.odd('balance_below_zero', row, raw['balance'])
  const email = textOf(raw['email'])
  const hasNoAddress = !isEmail(email)
  if (hasNoAddress) findings.odd('account_without_address', row, raw['email'])
  if (Number(raw['ownRate'] ?? '0')) findings.odd('account_rate', row, raw['ownRate'])
  const key = textOf(raw['key'])
  if (key !== '' && key.length < 16) findings.odd('key_too_short', row)
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
  const row: OddRow = ['price', `${raw['account']}/${raw['service']}`]
  const [account, service, rate] = [readId(raw['account']), readId(raw['service']), readRate(raw['rate'])]
  if (account === undefined || service === undefined || rate === undefined) return leftOut(findings, 'price_unreadable', row, raw['rate'])
  return { account, service, rate }
}

/** The date; null: there is none that can be meant, which is told. */
export function dateOf(text: string | null | undefined, row: OddRow, findings: Findings): Date | null {
  const date = readDate(text)
  if (date === null && text) findings.odd('date_of_zeros', row, text)
  if (date === undefined) findings.odd('date_unreadable', row, text)
  return date ?? null
}

function cleanName(text: string | null | undefined, row: OddRow, findings: Findings): string {
  const name = onOneLine(text ?? '')
  if (isMojibake(name)) findings.odd('text_broken', row, name)
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

export function leftOut(findings: Findings, code: OddityCode, row: OddRow, told?: string | null): undefined {
  findings.odd(code, row, told)
  return undefined
}
