import { parseUnits } from '../../ledger/money.ts'
import { plainJson } from '../../text.ts'
import { moneyText } from '../../texts/money.ts'
import type { Texts } from '../../texts/texts.ts'

/** What an act was asked for and what came of it, as its answer or its line in the log has them. */
export interface SaidOf {
  readonly act: string
  readonly input: object
  readonly result: object
}

/** Whether the act was kept for a second person instead of being done. */
export function isKept(result: object): boolean {
  return 'approval' in result && 'why' in result
}

/** What an act did as one sentence in the reader's language (`desk.said.<act>`). Undefined where its title and its changes tell everything. */
export function saidText(texts: Texts, { act, input, result }: SaidOf): string | undefined {
  const key = `desk.said.${act.replaceAll(' ', '-')}`
  if (!texts.has(key) || isKept(result)) return undefined
  return texts.text(key, { ...valuesOf(texts, input), ...valuesOf(texts, result) })
}

type Values = Readonly<Record<string, string | number>>

/** Fields that are sums of money, in the currency that stands beside them. */
const SUMS: ReadonlySet<string> = new Set(['balance', 'given_back', 'credited', 'excused', 'owed'])

/** The values of a sentence, by the names of the answer's fields. */
function valuesOf(texts: Texts, told: object): Values {
  const { currency } = told as { currency?: unknown }
  const values = Object.entries(told).map(([name, value]: [string, unknown]): Values => {
    if (SUMS.has(name) && typeof value === 'string' && typeof currency === 'string')
      return { [name]: moneyText(texts, parseUnits(value), currency) }
    return valueOf(texts, name, value)
  })
  return Object.assign({}, ...values) as Values
}

/** A list is its length, and its items as `<name>_list`. An object is "told", and its own fields are `<name>_<field>`. Nothing is "none". */
function valueOf(texts: Texts, name: string, value: unknown): Values {
  if (value === null || value === undefined) return { [name]: 'none' }
  if (typeof value === 'number') return { [name]: value }
  if (Array.isArray(value)) return { [name]: value.length, [`${name}_list`]: value.map(String).join(', ') }
  if (typeof value !== 'object') return { [name]: typeof value === 'string' ? value : plainJson(value) }
  const inner = Object.entries(valuesOf(texts, value)).map(([field, each]) => [`${name}_${field}`, each] as const)
  return { [name]: 'told', ...Object.fromEntries(inner) }
}
