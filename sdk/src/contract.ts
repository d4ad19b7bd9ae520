// Drawn from contract/ by `npm run generate -w sdk`: change it there.
// prettier-ignore
import type { Whole } from './values.ts'

/** What can be ordered. */
export const serviceTypeNames = ['Default', 'Package', 'SEO', 'Custom Comments', 'Custom Comments Package', 'Mentions', 'Mentions with Hashtags', 'Mentions Custom List', 'Mentions Hashtag', 'Mentions User Followers', 'Mentions Media Likers', 'Comment Likes', 'Comment Replies', 'Poll', 'Invites from Groups', 'Subscriptions', 'Web Traffic'] as const
export type ServiceTypeName = (typeof serviceTypeNames)[number]

export const finalStatuses = ['Completed', 'Partial', 'Canceled', 'Expired'] as const
export type OrderStatus = 'Pending' | 'Processing' | 'In progress' | 'Active' | 'Paused' | (typeof finalStatuses)[number]
export type RefillStatus = 'Pending' | 'In progress' | 'Completed' | 'Rejected' | 'Error'

/** The fields of an order, by the type of its service. */
export interface OrderFields {
  "Default": {
    /** Link to the post, page or profile */
    link: string
    /** Quantity needed */
    quantity: Whole
    /** How many times to deliver the quantity */
    runs?: Whole | undefined
    /** Interval in minutes; required with `runs` */
    interval?: Whole | undefined
  }
  "Package": {
    /** Link to the post, page or profile */
    link: string
  }
  "SEO": {
    /** Link to the post, page or profile */
    link: string
    /** Quantity needed */
    quantity: Whole
    /** Keywords, one per line */
    keywords: string | readonly string[]
  }
  "Custom Comments": {
    /** Link to the post, page or profile */
    link: string
    /** Comments, one per line */
    comments: string | readonly string[]
  }
  "Custom Comments Package": {
    /** Link to the post, page or profile */
    link: string
    /** Comments, one per line */
    comments: string | readonly string[]
  }
  "Mentions": {
    /** Link to the post, page or profile */
    link: string
    /** Quantity needed */
    quantity: Whole
    /** User names, one per line */
    usernames: string | readonly string[]
  }
  "Mentions with Hashtags": {
    /** Link to the post, page or profile */
    link: string
    /** Quantity needed */
    quantity: Whole
    /** User names, one per line */
    usernames: string | readonly string[]
    /** Hashtags, one per line */
    hashtags: string | readonly string[]
  }
  "Mentions Custom List": {
    /** Link to the post, page or profile */
    link: string
    /** User names, one per line */
    usernames: string | readonly string[]
  }
  "Mentions Hashtag": {
    /** Link to the post, page or profile */
    link: string
    /** Quantity needed */
    quantity: Whole
    /** Hashtag whose users are mentioned */
    hashtag: string
  }
  "Mentions User Followers": {
    /** Link to the post, page or profile */
    link: string
    /** Quantity needed */
    quantity: Whole
    /** User whose followers are mentioned */
    username: string
  }
  "Mentions Media Likers": {
    /** Link to the post, page or profile */
    link: string
    /** Quantity needed */
    quantity: Whole
    /** Link to the post whose likers are mentioned */
    media: string
  }
  "Comment Likes": {
    /** Link to the post, page or profile */
    link: string
    /** Quantity needed */
    quantity: Whole
    /** User who wrote the comment */
    username: string
  }
  "Comment Replies": {
    /** Link to the post, page or profile */
    link: string
    /** User who wrote the comment */
    username: string
    /** Comments, one per line */
    comments: string | readonly string[]
  }
  "Poll": {
    /** Link to the post, page or profile */
    link: string
    /** Quantity needed */
    quantity: Whole
    /** Number of the answer in the poll */
    answer_number: Whole
  }
  "Invites from Groups": {
    /** Link to the post, page or profile */
    link: string
    /** Quantity needed */
    quantity: Whole
    /** Groups, one per line */
    groups: string | readonly string[]
  }
  "Subscriptions": {
    /** User whose new posts are followed */
    username: string
    /** Minimum quantity per post */
    min: Whole
    /** Maximum quantity per post */
    max: Whole
    /** Number of new posts; absent or 0: until canceled or expired */
    posts?: Whole | undefined
    /** Number of existing posts to include */
    old_posts?: Whole | undefined
    /** Minutes between a post and its order */
    delay?: 0 | 5 | 10 | 15 | 20 | 30 | 40 | 50 | 60 | 90 | 120 | 150 | 180 | 210 | 240 | 270 | 300 | 360 | 420 | 480 | 540 | 600 | undefined
    /** Last day, as day/month/year */
    expiry?: string | undefined
  }
  "Web Traffic": {
    /** Link to the post, page or profile */
    link: string
    /** Quantity needed */
    quantity: Whole
    /** How many times to deliver the quantity */
    runs?: Whole | undefined
    /** Interval in minutes; required with `runs` */
    interval?: Whole | undefined
    /** Country code of the visitors, or `WW` for the whole world */
    country: string
    /** 1 desktop, 2 Android, 3 iOS, 4 mobile, 5 all */
    device: Whole
  } & ({
    /** 1 from a Google search, 2 from a referring page, 3 without a referrer */
    type_of_traffic: 1 | '1'
    /** What the visitors searched for */
    google_keyword: string
  } | {
    /** 1 from a Google search, 2 from a referring page, 3 without a referrer */
    type_of_traffic: 2 | '2'
    /** Address of the referring page */
    referring_url: string
  } | {
    /** 1 from a Google search, 2 from a referring page, 3 without a referrer */
    type_of_traffic: 3 | '3'
  })
}

/** What `extended` adds to the state of an order, where a panel offers it. */
export interface OrderMore {
  /** Quantity needed */
  readonly quantity: string | null
  /** Link to the post, page or profile */
  readonly link: string | null
  /** Drip-feed: runs that were ordered */
  readonly runs_ordered?: string | null
  /** Subscriptions: posts that were ordered; 0 is unlimited */
  readonly posts_ordered?: string | null
  /** When it was placed */
  readonly created: string | null
  /** When it began */
  readonly started: string | null
  /** When it ended */
  readonly finished: string | null
  /** By when it is promised to start */
  readonly start_by: string | null
  /** By when it is promised to finish */
  readonly finish_by: string | null
  /** What was paid back for missed promises */
  readonly compensated: string | null
  /** Until when a refill can be requested */
  readonly refill_until: string | null
  /** 0: none left; null: without limit */
  readonly refills_left: number | null
  /** From when a refill can be requested */
  readonly refill_available_at: string | null
}
export const orderMore = ['quantity', 'link', 'runs_ordered', 'posts_ordered', 'created', 'started', 'finished', 'start_by', 'finish_by', 'compensated', 'refill_until', 'refills_left', 'refill_available_at'] as const
export const orderMoreInNumbers: readonly string[] = ['refills_left']

/** What `extended` adds to a service, where a panel offers it. */
export interface ServiceMore {
  /** The operator’s description */
  readonly description: string | null
  /** How many days after completion a refill can be requested */
  readonly refill_days: number | null
  /** How many refills an order may have; null: without limit */
  readonly refill_count: number | null
  /** Minutes within which an order is promised to start */
  readonly start_within: number | null
  /** Minutes within which an order is promised to finish */
  readonly finish_within: number | null
  /** What happens when a promise is missed: `cancel` or `compensate` */
  readonly when_missed: string | null
  /** What is paid back then, in hundredths of a percent of the charge */
  readonly compensation_basis_points: number | null
  /** Actual seconds until orders started: `median` and `p95` */
  readonly start_time: Readonly<Record<string, number | null>> | null
  /** Actual seconds until orders finished: `median` and `p95` */
  readonly finish_time: Readonly<Record<string, number | null>> | null
}
export const serviceMore = ['description', 'refill_days', 'refill_count', 'start_within', 'finish_within', 'when_missed', 'compensation_basis_points', 'start_time', 'finish_time'] as const
export const serviceMoreInNumbers: readonly string[] = ['refill_days', 'refill_count', 'start_within', 'finish_within', 'compensation_basis_points', 'start_time', 'finish_time']

/** The texts with which the published protocol refuses, by what they are about: one order, this request, or every request of this caller. */
export const refusalTexts = {
  order: {
    incorrect_service: "Incorrect service ID",
    service_disabled: "Service is disabled",
    link_required: "Link is required",
    incorrect_link: "Incorrect link",
    quantity_required: "Quantity is required",
    incorrect_quantity: "Incorrect quantity",
    quantity_below_min: "Quantity less than minimal N",
    quantity_above_max: "Quantity more than maximum N",
    drip_feed_not_available: "Drip-feed is not available for this service",
    interval_required: "Interval is required",
    not_enough_funds: "Not enough funds on balance",
    active_order_with_link: "You have active order with this link. Please wait until order being completed.",
    idempotency_key_reused: "Idempotency key was used with other parameters",
    price_above_max_charge: "Price is now N",
    house_rule: "Orders for this link are not taken",
    service_not_allowed: "This API key may not order this service",
    daily_limit: "The daily spend limit of this API key is reached",
    subscription_not_allowed: "An API key with a daily spend limit cannot order subscriptions",
  },
  request: {
    incorrect_request: "Incorrect request",
    incorrect_order: "Incorrect order ID",
    too_many_ids: "Too many order IDs",
    refill_not_available: "Refill is not available for this order",
    refill_requested: "Refill already requested",
    refill_not_found: "Refill not found",
    too_many_refills: "Too many refill IDs",
    cannot_cancel: "Order cannot be canceled",
  },
  caller: {
    invalid_key: "Invalid API key",
    action_not_allowed: "This API key may not use this action",
    address_not_allowed: "This API key may not be used from this address",
    key_expired: "This API key has expired",
  },
} as const

/** Refusals of the moment: the same request may be sent again later. */
export const laterCodes = ['too_many_requests', 'too_many_streams', 'overloaded', 'prices_turn', 'starting', 'draining', 'suspended', 'closed', 'database_away', 'outcome_unknown'] as const
