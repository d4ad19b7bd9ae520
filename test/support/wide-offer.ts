const places = ['Instagram', 'YouTube', 'TikTok', 'Spotify', 'Telegram', 'Facebook', 'X', 'LinkedIn', 'Twitch', 'Website']
const things = ['followers', 'likes', 'views', 'comments', 'shares', 'visits', 'plays', 'members', 'watch hours', 'reposts']
const kinds = [
  'real people',
  'worldwide',
  'slow start',
  'high retention',
  'from Brazil',
  'from Germany',
  'premium',
  'with refill',
  'instant',
  'mixed',
]

/** A list of services as large houses have it: `count` of them in a hundred categories, each name its own. */
export function wideOffer(count: number, from = 10_001): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, at) => {
    const [place, thing] = [places[at % 10]!, things[Math.floor(at / 10) % 10]!]
    const kind = kinds[Math.floor(at / 100) % 10]!
    return {
      service: from + at,
      name: `${place} ${thing}, ${kind}, up to ${(at % 97) + 3}K a day, batch ${at}`,
      category: `${place} ${thing}`,
      rate: ((at % 700) / 100 + 0.05).toFixed(2),
      min: 10,
      max: 10_000 + at,
      dripfeed: at % 2 === 0,
      refill: at % 3 === 0,
      cancel: at % 5 === 0,
    }
  })
}
