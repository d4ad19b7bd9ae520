import type { Texts } from '../texts/texts.ts'

const places = [
  { path: '/services', name: 'app.services' },
  { path: '/order', name: 'app.newOrder' },
  { path: '/orders', name: 'app.orders' },
  { path: '/funds', name: 'app.funds' },
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
