/** Honest work for sale: ads managed, posts by creators who consent, captions, translations. One service of each type. */
const all = { dripfeed: true, refill: true, cancel: true }
const cancel = { cancel: true }

export const demoCatalogue = [
  { service: 101, name: 'Managed ad views — search and display', type: 'Default', category: 'Managed ads', rate: '0.90', min: 100, max: 100_000, ...all },
  { service: 102, name: 'Managed ad clicks — newsletter placement', type: 'Default', category: 'Managed ads', rate: '24.50', min: 10, max: 10_000, ...all },
  { service: 103, name: 'Landing page visits from your own campaign', type: 'Web Traffic', category: 'Managed ads', rate: '3.20', min: 100, max: 50_000, ...all },
  { service: 104, name: 'Search campaign set-up, by keyword', type: 'SEO', category: 'Managed ads', rate: '180', min: 1, max: 500, ...cancel },
  { service: 201, name: 'Creator post — one sponsored post, labelled as an ad', type: 'Package', category: 'Creators', rate: '45', min: 1, max: 1, ...cancel },
  { service: 202, name: 'Creator posts — every new post of yours re-told', type: 'Subscriptions', category: 'Creators', rate: '900', min: 1, max: 20, ...cancel },
  { service: 203, name: 'Consenting creators tag your page', type: 'Mentions', category: 'Creators', rate: '60', min: 5, max: 500 },
  { service: 204, name: 'Creators tag your page under their hashtags', type: 'Mentions with Hashtags', category: 'Creators', rate: '65', min: 5, max: 500 },
  { service: 205, name: 'Creators of your list tag your page', type: 'Mentions Custom List', category: 'Creators', rate: '55', min: 1, max: 200 },
  { service: 206, name: 'Creators of one hashtag tag your page', type: 'Mentions Hashtag', category: 'Creators', rate: '62', min: 5, max: 500 },
  { service: 207, name: "Members of a partner's opt-in list hear of you", type: 'Mentions User Followers', category: 'Creators', rate: '40', min: 50, max: 5000 },
  { service: 208, name: "Opted-in readers of a partner's article hear of you", type: 'Mentions Media Likers', category: 'Creators', rate: '42', min: 50, max: 5000 },
  { service: 301, name: 'Captions written for your clips, one a line', type: 'Custom Comments', category: 'Words', rate: '800', min: 1, max: 200, ...cancel },
  { service: 302, name: 'Translations, one sentence a line', type: 'Custom Comments', category: 'Words', rate: '950', min: 1, max: 1000, ...cancel },
  { service: 303, name: 'Caption pack — up to twenty lines', type: 'Custom Comments Package', category: 'Words', rate: '12', min: 1, max: 1, ...cancel },
  { service: 304, name: 'Replies drafted for your support inbox', type: 'Comment Replies', category: 'Words', rate: '700', min: 1, max: 500, ...cancel },
  { service: 305, name: "Votes of a paid reader panel for one reader's comment", type: 'Comment Likes', category: 'Panels', rate: '90', min: 10, max: 1000 },
  { service: 306, name: 'Paid survey panel answers', type: 'Poll', category: 'Panels', rate: '150', min: 10, max: 2000 },
  { service: 307, name: 'Invitations to groups that agreed to host you', type: 'Invites from Groups', category: 'Panels', rate: '75', min: 10, max: 1000 },
]
