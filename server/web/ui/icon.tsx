/** Paths on a grid of 24 by 24, drawn for Docket. */
const shapes = {
  overview: 'M4 11.5 12 4l8 7.5M6 9.8V20h12V9.8M10 20v-5.5h4V20',
  newOrder: 'M3.5 7h17v3a2 2 0 0 0 0 4v3h-17v-3a2 2 0 0 0 0-4zM12 9.5v5M9.5 12h5',
  massOrder: 'M3.5 10.5h17v2.5a1.8 1.8 0 0 0 0 3.5V19h-17v-2.5a1.8 1.8 0 0 0 0-3.5zM5.5 7.5h13M7.5 4.5h9',
  services: 'M4 6.5h.01M4 12h.01M4 17.5h.01M8.5 6.5H20M8.5 12H20M8.5 17.5H16',
  orders: 'M6 3.5h12v17l-3-2-3 2-3-2-3 2zM9 8.5h6M9 12.5h4',
  dripFeeds: 'M12 3.5c3.7 4.2 5.7 7 5.7 10a5.7 5.7 0 0 1-11.4 0c0-3 2-5.8 5.7-10zM9.5 14a2.6 2.6 0 0 0 2.5 2.5',
  subscriptions: 'M4.5 6h15v13.5h-15zM4.5 10h15M8.5 3.5V7M15.5 3.5V7M9.5 14.7l1.8 1.8 3.4-3.4',
  refills: 'M19.5 12.5a7.5 7.5 0 1 1-2.2-5.8L20 9.4M20 4.5v4.9h-4.9',
  funds: 'M18 8V5H6.3a2.3 2.3 0 0 0 0 4.6H20V19H6.3A2.3 2.3 0 0 1 4 16.7V7.3M16.2 14.3h.01',
  payments: 'M3.5 6h17v12.5h-17zM3.5 10h17M7 14.8h4M15.5 14.8h1.5',
  support: 'M4 5h16v11H11l-4.5 3.5V16H4zM8 9.3h8M8 12.3h5',
  keys: 'M8 12a4 4 0 1 0 0 8 4 4 0 0 0 0-8M10.8 13.2 20 4M15.5 8.5l3 3',
  webhooks: 'M3.5 12H13M9.7 8.5l3.5 3.5-3.5 3.5M18 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5',
  usage: 'M4 20h16M7 16.5v-5M12 16.5v-11M17 16.5v-7.5',
  documentation: 'M5.5 17.5V6a2.5 2.5 0 0 1 2.5-2.5h10.5v17H8a2.5 2.5 0 0 1 0-5.5h10.5M9.5 7.5h5',
  start: 'M6 21V4M6 4.5h11.5L15 8.5l2.5 4H6',
  referrals: 'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M2.5 19.5c.7-2.9 3.3-4.5 6.5-4.5s5.8 1.6 6.5 4.5M18.5 8.5v6M15.5 11.5h6',
  children: 'M3.5 4h17v6h-17zM3.5 14.5h6.5V20H3.5zM14 14.5h6.5V20H14zM12 10v2.3M6.8 14.5v-2.2h10.4v2.2',
  announcements: 'M4 10v4h3l8 4.5v-13L7 10zM18 9.5a3.5 3.5 0 0 1 0 5M7.5 14l1 5',
  status: 'M3.5 12H7l2.8-7.5 4.4 15L17 12h3.5',
  changelog: 'M19.3 9.2A8 8 0 1 0 20 12M20 4.5v4.9h-4.9M12 8v4.4l3 1.8',
  account: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20c.9-3.2 3.9-5 7.5-5s6.6 1.8 7.5 5',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.3 15.3 20 20',
  menu: 'M4 7h16M4 12h16M4 17h10',
  close: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  keyboard: 'M3.5 7h17v10h-17zM7 10.5h.01M10.3 10.5h.01M13.7 10.5h.01M17 10.5h.01M8.5 13.8h7',
  signOut: 'M10 4.5H5v15h5M9.5 12H20M16.5 8.5 20 12l-3.5 3.5',
  plain: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M12 11v5M12 8h.01',
  good: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M8.5 12.3l2.4 2.4 4.6-5',
  warn: 'M12 4.5 3.5 19.5h17zM12 10.5v4M12 17h.01',
  bad: 'M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7zM12 8v4.5M12 15.7h.01',
} as const

export type IconName = keyof typeof shapes

/** A small icon beside words. Screen readers skip it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
      <path d={shapes[name]} />
    </svg>
  )
}
