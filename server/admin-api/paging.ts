import type { UncheckedInput } from './input.ts'

/** The most rows that a page may begin behind. */
export const MOST_SKIPPED = 10_000

interface Page {
  readonly offset: number
  readonly limit: number
  /** There are rows behind this page. */
  readonly more: boolean
}

/** The published links to the pages before and behind, which ask for the same as this call: its filters, with another offset. */
export function pagination(path: string, input: UncheckedInput, { offset, limit, more }: Page) {
  const asked = Object.entries(input).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : Array.isArray(value) ? [[name, value.join(',')]] : [],
  )
  const page = (start: number) =>
    `/adminapi/v2${path}?${new URLSearchParams({ ...Object.fromEntries(asked), offset: String(start), limit: String(limit) }).toString()}`
  return {
    prev_page_href: offset > 0 ? page(Math.max(0, offset - limit)) : '',
    next_page_href: more && offset + limit <= MOST_SKIPPED ? page(offset + limit) : '',
    offset,
    limit,
  }
}
