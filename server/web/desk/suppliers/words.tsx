import type { SupplierSeen } from '../../../fulfilment/side-by-side.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Badge } from '../../ui/badge.tsx'
import { Moment } from '../../ui/parts.tsx'
import { countText, NOTHING, percentText } from '../../ui/figures.tsx'

/** A share, with how many there were of; nothing where there were none. */
export function shareText(texts: Texts, part: bigint | number, of: bigint | number): string {
  return Number(of) === 0 ? NOTHING : percentText(texts, Number(part) / Number(of))
}

export function Balance({ texts, seen }: { readonly texts: Texts; readonly seen: SupplierSeen }) {
  if (seen.balance === null) return <>{NOTHING}</>
  return (
    <bdi dir="ltr" class={isLow(seen) ? 'figure bad' : 'figure'}>
      {decimalText(texts, seen.balance)} {seen.currency}
    </bdi>
  )
}

export function isLow({ balance, balance_low }: SupplierSeen): boolean {
  return balance !== null && balance_low !== null && Number(balance) < Number(balance_low)
}

/** Balances and costs of suppliers may have any number of decimals; at most five of them are shown. */
export function decimalText({ language }: Texts, value: string): string {
  return new Intl.NumberFormat(`${language.code}-u-nu-latn`, { minimumFractionDigits: 2, maximumFractionDigits: 5 }).format(Number(value))
}

/** How many days the balance lasts at what is spent. */
export function lastsText(texts: Texts, { lasts_days }: SupplierSeen): string {
  return lasts_days === null
    ? NOTHING
    : texts.text('desk.suppliers.days', { days: countText(texts, BigInt(lasts_days)), count: lasts_days })
}

/** Up or away. */
export function Standing({ texts, seen }: { readonly texts: Texts; readonly seen: SupplierSeen }) {
  const { paused, protocol, answers } = seen
  if (paused) return <Badge tone="idle">{texts.text('desk.suppliers.paused')}</Badge>
  if (protocol === 'manual') return <Badge tone="good">{texts.text('desk.suppliers.byHand')}</Badge>
  if (protocol === 'simulated') return <Badge tone="good">{texts.text('desk.suppliers.simulated')}</Badge>
  if (answers === null) return <Badge tone="idle">{texts.text('desk.suppliers.notCalled')}</Badge>
  return <Badge tone={answers ? 'good' : 'bad'}>{texts.text(answers ? 'desk.suppliers.up' : 'desk.suppliers.away')}</Badge>
}

/** Since when it is up or away. */
export function Since({ texts, seen: { paused, answers, since } }: { readonly texts: Texts; readonly seen: SupplierSeen }) {
  if (paused || answers === null || since === null) return null
  return (
    <span class="small soft">
      {texts.text('desk.suppliers.since')} <Moment texts={texts} at={since} />
    </span>
  )
}
