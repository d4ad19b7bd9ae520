import { address } from '../../ui/page-links.tsx'

export const sorts = ['house', 'price', 'name'] as const
export type Sort = (typeof sorts)[number]
export const marks = ['dripfeed', 'refill', 'cancel'] as const
export type Mark = (typeof marks)[number]

/** The filters and the order of the list of services. */
export interface Asked {
  readonly text: string
  readonly category: string
  /** Only services with all of these marks. */
  readonly marks: readonly Mark[]
  readonly favouritesOnly: boolean
  readonly sort: Sort
}

/** Longer than any search. A search is repeated in addresses, whose length browsers and proxies limit. */
export const LONGEST_ASKED = 200

export function askedIn(query: URLSearchParams): Asked {
  return {
    text: query.get('find')?.trim().slice(0, LONGEST_ASKED) ?? '',
    category: query.get('category')?.slice(0, LONGEST_ASKED) ?? '',
    marks: marks.filter((mark) => query.get(mark) === 'yes'),
    favouritesOnly: query.get('favourites') === 'yes',
    sort: sorts.find((sort) => sort === query.get('sort')) ?? 'house',
  }
}

/** The address with the same filters; without a page, it is the first page. `list`: the address of the list. */
export function askedAddress({ text, category, marks, favouritesOnly, sort }: Asked, page?: number, list = '/services'): string {
  return address(list, {
    find: text,
    category,
    ...Object.fromEntries(marks.map((mark) => [mark, 'yes'])),
    favourites: favouritesOnly ? 'yes' : null,
    sort: sort === 'house' ? null : sort,
    page,
  })
}
