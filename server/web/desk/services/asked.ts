import type { SheetFilter, SheetPlace } from '../../../catalog/sheet.ts'
import { address } from '../../ui/page-links.tsx'

/** What the address of the sheet asks for. */
export interface Asked {
  readonly filter: SheetFilter
  readonly after: SheetPlace | null
  readonly before: SheetPlace | null
}

export const states = ['on sale', 'disabled', 'hidden'] as const
export const troubles = ['below cost', 'no supplier', 'no cost', 'paused'] as const

const LONGEST = 200

export function readAsked(query: URLSearchParams): Asked {
  const supplier = query.get('supplier') ?? ''
  return {
    filter: {
      text: (query.get('q') ?? '').trim().slice(0, LONGEST),
      category: query.get('category') || null,
      state: oneOf(states, query.get('state')),
      supplier: /^[1-9]\d{0,8}$/.test(supplier) ? Number(supplier) : null,
      trouble: oneOf(troubles, query.get('trouble')),
    },
    after: placeOf(query.get('after')),
    before: placeOf(query.get('before')),
  }
}

function oneOf<Word extends string>(words: readonly Word[], text: string | null): Word | null {
  return words.find((word) => word === text) ?? null
}

function placeOf(text: string | null): SheetPlace | null {
  const match = /^(-?\d{1,9})\.(\d{1,9})$/.exec(text ?? '')
  return match ? { position: Number(match[1]), id: Number(match[2]) } : null
}

export function askedAddress(
  { text, category, state, supplier, trouble }: SheetFilter,
  page: { after?: SheetPlace; before?: SheetPlace } = {},
) {
  const written = (place: SheetPlace | undefined) => place && `${place.position}.${place.id}`
  return address('/desk/services', {
    q: text,
    category,
    state,
    supplier,
    trouble,
    after: written(page.after),
    before: written(page.before),
  })
}

export function isFiltered({ text, category, state, supplier, trouble }: SheetFilter): boolean {
  return text !== '' || [category, state, supplier, trouble].some((value) => value !== null)
}
