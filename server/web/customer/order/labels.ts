import type { MessageKey } from '../../../../contract/message.ts'
import type { Field as OrderField } from '../../../../contract/service-types.ts'
import { durationText } from '../../ui/figures.tsx'
import type { Texts } from '../../../texts/texts.ts'

/** Labels for fields whose description in the API's documentation is written for programmers. */
const LABELS: Readonly<Record<string, MessageKey>> = {
  runs: 'order.label.runs',
  interval: 'order.label.interval',
  posts: 'order.label.posts',
  old_posts: 'order.label.oldPosts',
  delay: 'order.label.delay',
  expiry: 'order.label.expiry',
  country: 'order.label.country',
  device: 'order.label.device',
  type_of_traffic: 'order.label.traffic',
}

/** The label of an order's field, on its form and on the page of the order. */
export function labelOf(texts: Texts, { name, about }: Pick<OrderField, 'name' | 'about'>): string {
  // Screen readers read labels aloud, so backticks are removed.
  return texts.text(LABELS[name] ?? about).replaceAll('`', '')
}

export interface Option {
  readonly value: string
  readonly text: string
}

const TRAFFIC: readonly MessageKey[] = ['order.traffic.search', 'order.traffic.referrer', 'order.traffic.direct']

/** The choices of a field that has a few values; undefined for a field that is typed. */
export function optionsOf(texts: Texts, { name, oneOf }: OrderField): readonly Option[] | undefined {
  if (name === 'country') return countries(texts)
  if (name === 'device') {
    const [desktop, mobile, all] = (['desktop', 'mobile', 'all'] as const).map((device) => texts.text(`order.device.${device}`))
    const [whole, ...others] = numbered([desktop!, 'Android', 'iOS', mobile!, all!]).toReversed()
    // The choice of all devices comes first, so it is the default.
    return [whole!, ...others.toReversed()]
  }
  if (name === 'type_of_traffic') return numbered(TRAFFIC.map((key) => texts.text(key)))
  return oneOf?.map((value) => ({ value: String(value), text: value === 0 ? texts.text('order.delay.none') : durationText(texts, value) }))
}

/** The label of an ordered value, or the value itself if it has none. */
export function valueText(texts: Texts, field: OrderField, value: string): string {
  return optionsOf(texts, field)?.find((option) => option.value === value)?.text ?? value
}

function numbered(names: readonly string[]): readonly Option[] {
  return names.map((text, at) => ({ value: String(at + 1), text }))
}

const listed = new Map<string, readonly Option[]>()

/** The choice of the whole world, then every country by its name in the reader's language. */
function countries(texts: Texts): readonly Option[] {
  const { code } = texts.language
  const known = listed.get(code)
  if (known) return known
  const names = new Intl.DisplayNames(code, { type: 'region' })
  const all = COUNTRIES.split(' ').map((value) => ({ value, text: names.of(value) ?? value }))
  const sorted = all.toSorted((a, b) => a.text.localeCompare(b.text, code))
  const list = [{ value: 'WW', text: texts.text('order.country.world') }, ...sorted]
  listed.set(code, list)
  return list
}

// The codes of ISO 3166-1.
const COUNTRIES =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'
