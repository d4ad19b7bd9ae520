import { medianOf, type Result } from './rounds.ts'
import type { Proof } from './shop/proof.ts'

/** Results that were measured side by side. */
export interface Comparison {
  readonly title: string
  readonly results: readonly Result[]
}

/** A measured value, and its target if it has one. */
export interface Claim {
  readonly work: string
  readonly against: string
  readonly found: number
  readonly unit: '×' | ' ms' | ' MB' | ' KB' | ''
  readonly atLeast?: number
  readonly atMost?: number
}

export interface PartReport {
  readonly name: string
  readonly comparisons: readonly Comparison[]
  readonly claims: readonly Claim[]
  readonly proofs: readonly Proof[]
}

export function isMet({ found, atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY }: Claim): boolean {
  return found >= atLeast && found <= atMost
}

export function comparisonTable({ title, results }: Comparison): string {
  const rows = results.map((result) => [
    result.name,
    whole(medianOf(result, 'perSecond')),
    ms(medianOf(result, 'p50')),
    ms(medianOf(result, 'p99')),
  ])
  return table([title, '/s', 'p50 ms', 'p99 ms'], rows)
}

export function claimTable(claims: readonly Claim[]): string {
  const rows = claims.map((claim) => [
    claim.work,
    claim.against,
    `${amount(claim.found)}${claim.unit}`,
    targetOf(claim),
    targetOf(claim) === '' ? '' : isMet(claim) ? 'met' : '**NOT met**',
  ])
  return table(['work', 'against', 'found', 'target', ''], rows)
}

function targetOf({ atLeast, atMost, unit }: Claim): string {
  if (atLeast !== undefined) return `≥ ${atLeast}${unit}`
  return atMost === undefined ? '' : `≤ ${atMost}${unit}`
}

/** A Markdown table whose columns also align in a terminal. The first column is text; all others are figures or short words. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) => Math.max(3, heading.length, ...rows.map((row) => row[column]!.length)))
  const line = (cells: readonly string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  return [line(headings), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n')
}

function whole(value: number | undefined): string {
  return value === undefined ? '' : Math.round(value).toLocaleString('en')
}

function ms(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(value < 10 ? 2 : 1)
}

function amount(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2)
}
