import type { MessageKey } from '../../../contract/message.ts'
import type { Texts } from '../../texts/texts.ts'
import { addressIn } from '../visitor.ts'
import { Icon } from './icon.tsx'
import { DOCUMENTATION, type Group, type Place } from './places.ts'

export const NAVIGATION = 'places'

interface AppNavigationProps {
  readonly groups: readonly Group[]
  /** Says what the navigation is of. */
  readonly label: MessageKey
  readonly texts: Texts
  readonly path: string
  /** True on a page with its own table of contents: there the navigation opens by its button on every screen, not only on narrow ones. */
  readonly folded: boolean
}

/** The navigation of signed-in users: beside the page on a wide screen, else a popover. A popover needs no script to open, to close with Escape
 * and to return the focus. */
export function AppNavigation({ texts, path, folded, groups, label }: AppNavigationProps) {
  return (
    <nav id={NAVIGATION} popover="auto" class={`app-navigation${folded ? ' folded' : ''}`} aria-label={texts.text(label)}>
      <button type="button" class="close-navigation" popovertarget={NAVIGATION} popovertargetaction="hide">
        <Icon name="close" />
        <span class="visually-hidden">{texts.text('docs.try.close')}</span>
      </button>
      {groups.map(({ name, places }) => (
        <div key={places[0]!.path} role={name && 'group'} aria-labelledby={name && idOf(name)}>
          {name && <p id={idOf(name)}>{texts.text(name)}</p>}
          {places.map((place) => (
            <a
              key={place.path}
              href={place.path === DOCUMENTATION ? addressIn(texts.language, DOCUMENTATION) : place.path}
              data-letter={place.letter}
              aria-current={isAt(place, path) ? 'page' : undefined}
            >
              <Icon name={place.icon} />
              {texts.text(place.name)}
            </a>
          ))}
        </div>
      ))}
    </nav>
  )
}

function idOf(name: string): string {
  return name.replaceAll('.', '-')
}

/** Whether the visitor is on this page or on one below it. */
function isAt({ path: place, alone }: Place, path: string): boolean {
  return path === place || (!alone && path.startsWith(`${place}/`))
}
