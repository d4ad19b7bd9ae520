/** What each service type asks for in `add`, and what it counts. */

/** How a field's text is read. `lines`: one a line, kept byte for byte. `whole`: a whole number in its bounds. */
export type FieldKind = 'link' | 'quantity' | 'text' | 'lines' | 'url' | 'whole' | 'date'

export interface Field {
  readonly name: string
  readonly kind: FieldKind
  readonly about: string
  readonly optional?: true
  /** Only asked for when another field has this value. */
  readonly when?: { readonly field: string; readonly is: string }
  readonly least?: number
  readonly most?: number
  readonly oneOf?: readonly number[]
}

/** `quantity`: what is ordered, times its runs. `lines`: the non-empty lines of a field. `package`: one, at its rate, min and
 * max not checked. `child orders`: nothing now, each child order when it is made. */
export type Counted =
  | { readonly by: 'quantity' }
  | { readonly by: 'lines'; readonly of: string }
  | { readonly by: 'package' }
  | { readonly by: 'child orders' }

export interface ServiceType {
  readonly name: string
  readonly fields: readonly Field[]
  readonly counted: Counted
  /** May be drip-fed where the service allows it. */
  readonly runs?: true
}

const link: Field = { name: 'link', kind: 'link', about: 'Link to the post, page or profile' }
const quantity: Field = { name: 'quantity', kind: 'quantity', about: 'Needed quantity' }
const username: Field = { name: 'username', kind: 'text', about: 'User name' }
const usernames: Field = { name: 'usernames', kind: 'lines', about: 'User names, one a line' }
const comments: Field = { name: 'comments', kind: 'lines', about: 'Comments, one a line' }
const runs: readonly Field[] = [
  { name: 'runs', kind: 'whole', about: 'Runs to deliver', optional: true, least: 0, most: 10_000 },
  { name: 'interval', kind: 'whole', about: 'Interval in minutes', optional: true, least: 0, most: 1_000_000 },
]

const byQuantity: Counted = { by: 'quantity' }
const byPackage: Counted = { by: 'package' }

export const subscriptionDelays = [
  0, 5, 10, 15, 20, 30, 40, 50, 60, 90, 120, 150, 180, 210, 240, 270, 300, 360, 420, 480, 540, 600,
] as const

export const serviceTypes: readonly ServiceType[] = [
  { name: 'Default', fields: [link, quantity, ...runs], counted: byQuantity, runs: true },
  { name: 'Package', fields: [link], counted: byPackage },
  { name: 'SEO', fields: [link, quantity, { name: 'keywords', kind: 'lines', about: 'Keywords, one a line' }], counted: byQuantity },
  { name: 'Custom Comments', fields: [link, comments], counted: { by: 'lines', of: 'comments' } },
  { name: 'Custom Comments Package', fields: [link, comments], counted: byPackage },
  { name: 'Mentions', fields: [link, quantity, usernames], counted: byQuantity },
  {
    name: 'Mentions with Hashtags',
    fields: [link, quantity, usernames, { name: 'hashtags', kind: 'lines', about: 'Hashtags, one a line' }],
    counted: byQuantity,
  },
  { name: 'Mentions Custom List', fields: [link, usernames], counted: { by: 'lines', of: 'usernames' } },
  {
    name: 'Mentions Hashtag',
    fields: [link, quantity, { name: 'hashtag', kind: 'text', about: 'Hashtag whose users are mentioned' }],
    counted: byQuantity,
  },
  { name: 'Mentions User Followers', fields: [link, quantity, username], counted: byQuantity },
  {
    name: 'Mentions Media Likers',
    fields: [link, quantity, { name: 'media', kind: 'url', about: 'Link to the media whose likers are mentioned' }],
    counted: byQuantity,
  },
  { name: 'Comment Likes', fields: [link, quantity, username], counted: byQuantity },
  { name: 'Comment Replies', fields: [link, username, comments], counted: { by: 'lines', of: 'comments' } },
  {
    name: 'Poll',
    fields: [link, quantity, { name: 'answer_number', kind: 'whole', about: 'Number of the answer', least: 1, most: 1_000_000 }],
    counted: byQuantity,
  },
  {
    name: 'Invites from Groups',
    fields: [link, quantity, { name: 'groups', kind: 'lines', about: 'Groups, one a line' }],
    counted: byQuantity,
  },
  {
    name: 'Subscriptions',
    fields: [
      username,
      { name: 'min', kind: 'quantity', about: 'Least quantity of a post' },
      { name: 'max', kind: 'quantity', about: 'Most quantity of a post' },
      {
        name: 'posts',
        kind: 'whole',
        about: 'New posts to serve; absent: until cancelled or expired',
        optional: true,
        least: 0,
        most: 1_000_000,
      },
      { name: 'old_posts', kind: 'whole', about: 'Posts that exist already and are served too', optional: true, least: 0, most: 1_000_000 },
      { name: 'delay', kind: 'whole', about: 'Minutes between a post and its order', oneOf: subscriptionDelays },
      { name: 'expiry', kind: 'date', about: 'Last day, as d/m/Y', optional: true },
    ],
    counted: { by: 'child orders' },
  },
  {
    name: 'Web Traffic',
    fields: [
      link,
      quantity,
      ...runs,
      { name: 'country', kind: 'text', about: 'Country code, or WW' },
      { name: 'device', kind: 'whole', about: '1 desktop, 2 Android, 3 iOS, 4 mixed mobile, 5 mixed', least: 1, most: 5 },
      { name: 'type_of_traffic', kind: 'whole', about: '1 Google keyword, 2 referrer, 3 blank referrer', least: 1, most: 3 },
      { name: 'google_keyword', kind: 'text', about: 'Keyword', when: { field: 'type_of_traffic', is: '1' } },
      { name: 'referring_url', kind: 'url', about: 'Referring address', when: { field: 'type_of_traffic', is: '2' } },
    ],
    counted: byQuantity,
    runs: true,
  },
]

export const serviceTypeByName: ReadonlyMap<string, ServiceType> = new Map(serviceTypes.map((type) => [type.name, type]))

/** A package is one piece at its rate, whatever its min and max. */
export function isPackageType(name: string): boolean {
  return serviceTypeByName.get(name)?.counted.by === 'package'
}
