/** What the rows of a report are. */
export const reportBys = ['hour', 'day', 'month', 'service', 'category', 'customer', 'supplier'] as const
export type ReportBy = (typeof reportBys)[number]

export const reportSorts = ['name', 'orders', 'sold', 'given', 'cost', 'margin'] as const
export type ReportSort = (typeof reportSorts)[number]

export interface ReportFilter {
  /** Days like 2026-03-01 (UTC), both included. */
  readonly from: string
  readonly to: string
  readonly by: ReportBy
  readonly currency: string | null
  readonly service: number | null
  readonly category: string | null
  /** An account. */
  readonly customer: number | null
  readonly supplier: number | null
}
