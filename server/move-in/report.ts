import type { OurAccount } from '../fulfilment/try-supplier.ts'
import { formatUnits, type Units } from '../ledger/money.ts'
import { onOneLine } from '../text.ts'
import { oddities, type OddityCode, type OddRow, rowText } from './oddities.ts'

export const reported = ['suppliers', 'services', 'accounts', 'prices', 'ended orders', 'open orders', 'keys'] as const
export type Reported = (typeof reported)[number]

/** What was odd, with the rows where it is; the same may be true of many. */
export interface Odd {
  readonly code: OddityCode
  /** The same in English. */
  readonly what: string
  readonly times: number
  /** The first of them: `order 17`, and what stood there. */
  readonly rows: readonly { readonly kind: OddRow[0]; readonly id: string; readonly row: string; readonly told: string }[]
}

export interface Count {
  /** In the panel. */
  read: number
  /** Brought over now; of a dry run: what would be. */
  brought: number
  /** Here since an earlier run. */
  here: number
  leftOut: number
}

/** A supplier that was asked for our balance. */
export interface TriedSupplier {
  readonly name: string
  readonly kind: OurAccount['kind'] | 'no access'
  /** What it said, or our balance there. */
  readonly words: string
  /** The same as a sentence in English. */
  readonly answer: string
}

export function triedSupplier(name: string, account: OurAccount | null): TriedSupplier {
  if (account === null) return { name, kind: 'no access', words: '', answer: 'it has no usable address and key' }
  const { kind } = account
  const words = kind === 'taken' ? `${account.balance} ${account.currency ?? ''}`.trim() : account.words
  return { name, kind, words, answer: kind === 'taken' ? `it answers, balance ${words}` : `${kind}: ${words}` }
}

export interface Report {
  readonly panel: string
  readonly dryRun: boolean
  readonly currency: string
  readonly counts: Readonly<Record<Reported, Count>>
  readonly money: {
    readonly deposits: string
    readonly chargesOfOpenOrders: string
    readonly owed: string
    /** What all customers have on their books here before it, in this currency. */
    readonly customersHad: string
  }
  readonly suppliers: readonly TriedSupplier[]
  readonly odd: readonly Odd[]
}

const MOST_ROWS = 20
const LONGEST = 120

/** Collects what is told of a moving. The rows of each oddity are counted, and only the first are kept. */
export class Findings {
  readonly counts = Object.fromEntries(reported.map((kind) => [kind, { read: 0, brought: 0, here: 0, leftOut: 0 }])) as Record<
    Reported,
    Count
  >
  readonly money: { deposits: Units; charges: Units; owed: Units } = { deposits: 0n, charges: 0n, owed: 0n }
  readonly suppliers: TriedSupplier[] = []
  readonly #odd = new Map<OddityCode, { times: number; rows: Odd['rows'][number][] }>()
  readonly #mostRows: number

  constructor(mostRows: number = MOST_ROWS) {
    this.#mostRows = mostRows
  }

  odd(code: OddityCode, row: OddRow, told: string | null | undefined = ''): void {
    const known = this.#odd.get(code) ?? { times: 0, rows: [] }
    this.#odd.set(code, known)
    known.times += 1
    if (known.rows.length >= this.#mostRows) return
    const [kind, id] = row
    known.rows.push({ kind, id: shortened(String(id)), row: shortened(rowText(row)), told: shortened(told ?? 'NULL') })
  }

  report(of: Pick<Report, 'panel' | 'dryRun' | 'currency'> & { readonly customersHad: Units }): Report {
    const { customersHad, ...rest } = of
    const { deposits, charges, owed } = this.money
    const money = {
      deposits: formatUnits(deposits),
      chargesOfOpenOrders: formatUnits(charges),
      owed: formatUnits(owed),
      customersHad: formatUnits(customersHad),
    }
    const odd = [...this.#odd].map(([code, { times, rows }]) => ({ code, what: oddities[code].words, times, rows }))
    return { ...rest, counts: this.counts, money, suppliers: this.suppliers, odd }
  }
}

function shortened(text: string): string {
  return onOneLine(text).slice(0, LONGEST)
}

/** The report for people. */
export function reportText({ panel, dryRun, currency, counts, money, suppliers, odd }: Report): string {
  const brought = dryRun ? 'to bring' : 'brought'
  const rows = reported.map((kind) => {
    const { read, brought: now, here, leftOut } = counts[kind]
    return [kind, String(read), String(now), String(here), String(leftOut)]
  })
  return [
    dryRun ? `Moving in from ${panel}: a dry run, nothing was changed.` : `Moved in from ${panel}.`,
    '',
    columns([['', 'read', brought, 'here already', 'left out'], ...rows]),
    '',
    `Deposits        ${money.deposits} ${currency}`,
    `of them charged ${money.chargesOfOpenOrders} ${currency} for open orders`,
    `Owed            ${money.owed} ${currency}`,
    `Customers had   ${money.customersHad} ${currency} here`,
    ...(suppliers.length > 0 ? ['', 'Suppliers', ...suppliers.map(({ name, answer }) => `  ${name}: ${answer}`)] : []),
    '',
    ...(odd.length === 0 ? ['Nothing was odd.'] : ['What was odd', ...odd.flatMap(oddText)]),
  ].join('\n')
}

function oddText({ what, times, rows }: Odd): string[] {
  const more = times > MOST_ROWS ? [`      and ${times - MOST_ROWS} more`] : []
  return [
    `  ${what} (${times})`,
    ...rows.slice(0, MOST_ROWS).map(({ row, told }) => `      ${row}${told === '' ? '' : `: ${told}`}`),
    ...more,
  ]
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
