import type { Texts } from '../texts/texts.ts'

const places = [
  { path: '/order', name: 'app.newOrder' },
  { path: '/mass-order', name: 'app.massOrder' },
  { path: '/services', name: 'app.services' },
  { path: '/orders', name: 'app.orders' },
  { path: '/drip-feeds', name: 'app.dripFeeds' },
  { path: '/subscriptions', name: 'app.subscriptions' },
  { path: '/refills', name: 'app.refills' },
  { path: '/funds', name: 'app.funds' },
  { path: '/keys', name: 'app.keys' },
  { path: '/webhooks', name: 'app.webhooks' },
  { path: '/usage', name: 'app.usage' },
  { path: '/start', name: 'app.start' },
] as const

/** Where somebody who is signed in works. */
export function AppNavigation({ texts, path }: { readonly texts: Texts; readonly path: string }) {
  return (
    <nav class="app-navigation" aria-label={texts.text('app.navigation')}>
      {places.map((place) => (
        <a key={place.path} href={place.path} aria-current={isAt(place.path, path) ? 'page' : undefined}>
          {texts.text(place.name)}
        </a>
      ))}
    </nav>
  )
}

/** A page, or one below it. */
function isAt(place: string, path: string): boolean {
  return path === place || path.startsWith(`${place}/`)
}
