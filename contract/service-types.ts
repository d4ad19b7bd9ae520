import type { MessageKey } from './message.ts'

/** The fields of each service type in `add`, and what is counted for its charge. */

/**
 * How a field's text is read. `lines`: one entry per text line, kept byte for byte, within MOST_LINES and MOST_CHARACTERS. `whole`: a whole number
 * within its bounds.
 */
export type FieldKind = 'link' | 'quantity' | 'text' | 'lines' | 'url' | 'whole' | 'date'

/** Every field that a service type may have, by the name of its parameter. */
export const fieldNames = [
  'link', 'quantity', 'runs', 'interval', 'keywords', 'comments', 'usernames', 'hashtags', 'hashtag', 'username', 'media', 'answer_number',
  'groups', 'min', 'max', 'posts', 'old_posts', 'delay', 'expiry', 'country', 'device', 'type_of_traffic', 'google_keyword', 'referring_url',
] as const // prettier-ignore
export type FieldName = (typeof fieldNames)[number]

export interface Field {
  readonly name: FieldName
  readonly kind: FieldKind
  readonly about: MessageKey
  readonly optional?: true
  /** Only read when another field has this value. */
  readonly when?: { readonly field: FieldName; readonly is: string }
  readonly least?: number
  readonly most?: number
  readonly oneOf?: readonly number[]
}

/** The limits of a field of text lines: each text line is compared with the rules of the panel, and meanwhile no other request is answered. */
export const MOST_LINES = 10_000
export const MOST_CHARACTERS = 250_000

/**
 * `quantity`: the quantity, times its runs. `lines`: the non-empty text lines of a field. `package`: one, at its rate; min and max are not checked.
 * `child orders`: nothing at first; each child order is charged when it is made.
 */
export type Counted =
  | { readonly by: 'quantity' }
  | { readonly by: 'lines'; readonly of: FieldName }
  | { readonly by: 'package' }
  | { readonly by: 'child orders' }

export interface ServiceType {
  readonly name: string
  readonly fields: readonly Field[]
  readonly counted: Counted
  /** It may be a drip-feed when the service allows it. */
  readonly runs?: true
  /** An example order: the fixture sells a service of each type under these ids. */
  readonly example: Readonly<Record<string, string>>
}

const link: Field = { name: 'link', kind: 'link', about: 'parameter.link' }
const quantity: Field = { name: 'quantity', kind: 'quantity', about: 'parameter.quantity' }
const username = (about: MessageKey): Field => ({ name: 'username', kind: 'text', about })
const usernames: Field = { name: 'usernames', kind: 'lines', about: 'parameter.usernames' }
const comments: Field = { name: 'comments', kind: 'lines', about: 'parameter.comments' }
const runs: readonly Field[] = [
  { name: 'runs', kind: 'whole', about: 'parameter.runs', optional: true, least: 0, most: 10_000 },
  { name: 'interval', kind: 'whole', about: 'parameter.interval', optional: true, least: 0, most: 1_000_000 },
]

const byQuantity: Counted = { by: 'quantity' }
const byPackage: Counted = { by: 'package' }

export const subscriptionDelays = [
  0, 5, 10, 15, 20, 30, 40, 50, 60, 90, 120, 150, 180, 210, 240, 270, 300, 360, 420, 480, 540, 600,
] as const

export const serviceTypes: readonly ServiceType[] = [
  {
    name: 'Default',
    fields: [link, quantity, ...runs],
    example: { service: '1448', link: 'https://example.com/p/1', quantity: '1000' },
    counted: byQuantity,
    runs: true,
  },
  { name: 'Package', fields: [link], example: { service: '1501', link: 'https://example.com/p/1' }, counted: byPackage },
  {
    name: 'SEO',
    fields: [link, quantity, { name: 'keywords', kind: 'lines', about: 'parameter.keywords' }],
    example: { service: '1502', link: 'https://example.com/shop', quantity: '500', keywords: 'handmade soap\nnatural soap' },
    counted: byQuantity,
  },
  {
    name: 'Custom Comments',
    fields: [link, comments],
    example: { service: '1500', link: 'https://example.com/p/1', comments: 'Looks great\nWhere can I buy it?' },
    counted: { by: 'lines', of: 'comments' },
  },
  {
    name: 'Custom Comments Package',
    fields: [link, comments],
    example: { service: '1503', link: 'https://example.com/p/1', comments: 'Looks great\nWhere can I buy it?' },
    counted: byPackage,
  },
  {
    name: 'Mentions',
    fields: [link, quantity, usernames],
    example: { service: '1504', link: 'https://example.com/p/1', quantity: '500', usernames: 'anna\nboris' },
    counted: byQuantity,
  },
  {
    name: 'Mentions with Hashtags',
    fields: [link, quantity, usernames, { name: 'hashtags', kind: 'lines', about: 'parameter.hashtags' }],
    example: { service: '1505', link: 'https://example.com/p/1', quantity: '500', usernames: 'anna\nboris', hashtags: '#soap\n#handmade' },
    counted: byQuantity,
  },
  {
    name: 'Mentions Custom List',
    fields: [link, usernames],
    example: { service: '1506', link: 'https://example.com/p/1', usernames: 'anna\nboris' },
    counted: { by: 'lines', of: 'usernames' },
  },
  {
    name: 'Mentions Hashtag',
    fields: [link, quantity, { name: 'hashtag', kind: 'text', about: 'parameter.hashtag' }],
    example: { service: '1507', link: 'https://example.com/p/1', quantity: '500', hashtag: '#soap' },
    counted: byQuantity,
  },
  {
    name: 'Mentions User Followers',
    fields: [link, quantity, username('parameter.followersOf')],
    example: { service: '1508', link: 'https://example.com/p/1', quantity: '500', username: 'anna' },
    counted: byQuantity,
  },
  {
    name: 'Mentions Media Likers',
    fields: [link, quantity, { name: 'media', kind: 'url', about: 'parameter.media' }],
    example: { service: '1509', link: 'https://example.com/p/1', quantity: '500', media: 'https://example.com/p/2' },
    counted: byQuantity,
  },
  {
    name: 'Comment Likes',
    fields: [link, quantity, username('parameter.commentOwner')],
    example: { service: '1510', link: 'https://example.com/p/1', quantity: '100', username: 'anna' },
    counted: byQuantity,
  },
  {
    name: 'Comment Replies',
    fields: [link, username('parameter.commentOwner'), comments],
    example: { service: '1511', link: 'https://example.com/p/1', username: 'anna', comments: 'Thank you!\nYes, from Monday' },
    counted: { by: 'lines', of: 'comments' },
  },
  {
    name: 'Poll',
    fields: [link, quantity, { name: 'answer_number', kind: 'whole', about: 'parameter.answerNumber', least: 1, most: 1_000_000 }],
    example: { service: '1512', link: 'https://example.com/p/1', quantity: '500', answer_number: '2' },
    counted: byQuantity,
  },
  {
    name: 'Invites from Groups',
    fields: [link, quantity, { name: 'groups', kind: 'lines', about: 'parameter.groups' }],
    example: {
      service: '1513',
      link: 'https://example.com/group',
      quantity: '500',
      groups: 'https://example.com/g/1\nhttps://example.com/g/2',
    },
    counted: byQuantity,
  },
  {
    name: 'Subscriptions',
    fields: [
      username('parameter.subscriber'),
      { name: 'min', kind: 'quantity', about: 'parameter.min' },
      { name: 'max', kind: 'quantity', about: 'parameter.max' },
      {
        name: 'posts',
        kind: 'whole',
        about: 'parameter.posts',
        optional: true,
        least: 0,
        most: 1_000_000,
      },
      { name: 'old_posts', kind: 'whole', about: 'parameter.oldPosts', optional: true, least: 0, most: 1_000_000 },
      { name: 'delay', kind: 'whole', about: 'parameter.delay', optional: true, oneOf: subscriptionDelays },
      { name: 'expiry', kind: 'date', about: 'parameter.expiry', optional: true },
    ],
    example: { service: '1514', username: 'anna', min: '100', max: '150', posts: '10', delay: '30', expiry: '31/12/2030' },
    counted: { by: 'child orders' },
  },
  {
    name: 'Web Traffic',
    fields: [
      link,
      quantity,
      ...runs,
      { name: 'country', kind: 'text', about: 'parameter.country' },
      { name: 'device', kind: 'whole', about: 'parameter.device', least: 1, most: 5 },
      { name: 'type_of_traffic', kind: 'whole', about: 'parameter.trafficType', least: 1, most: 3 },
      { name: 'google_keyword', kind: 'text', about: 'parameter.googleKeyword', when: { field: 'type_of_traffic', is: '1' } },
      { name: 'referring_url', kind: 'url', about: 'parameter.referringUrl', when: { field: 'type_of_traffic', is: '2' } },
    ],
    example: {
      service: '1515',
      link: 'https://example.com/shop',
      quantity: '1000',
      runs: '7',
      interval: '1440',
      country: 'US',
      device: '5',
      type_of_traffic: '1',
      google_keyword: 'handmade soap',
    },
    counted: byQuantity,
    runs: true,
  },
]

export const serviceTypeByName: ReadonlyMap<string, ServiceType> = new Map(serviceTypes.map((type) => [type.name, type]))

/** A package is one piece at its rate, whatever its min and max. */
export function isPackageType(name: string): boolean {
  return serviceTypeByName.get(name)?.counted.by === 'package'
}
