import { address } from '../app-frame.tsx'

export const sorts = ['house', 'price', 'name'] as const
export type Sort = (typeof sorts)[number]
export const marks = ['dripfeed', 'refill', 'cancel'] as const
export type Mark = (typeof marks)[number]

/** What the reader wants to see of the services. */
export interface Asked {
  readonly text: string
  readonly category: string
  /** Only services that have all of these. */
  readonly marks: readonly Mark[]
  readonly favouritesOnly: boolean
  readonly sort: Sort
}

/** Longer than anything that is searched for; what was asked is told again in addresses, which browsers and proxies bound. */
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

/** Where the same is asked again; without a page, from its beginning. */
export function askedAddress({ text, category, marks, favouritesOnly, sort }: Asked, page?: number): string {
  return address('/services', {
    find: text,
    category,
    ...Object.fromEntries(marks.map((mark) => [mark, 'yes'])),
    favourites: favouritesOnly ? 'yes' : null,
    sort: sort === 'house' ? null : sort,
    page,
  })
}
