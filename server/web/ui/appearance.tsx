import type { MessageKey } from '../../../contract/message.ts'
import type { Texts } from '../../texts/texts.ts'
import { type Theme, themes } from '../visitor.ts'

const shapes: Readonly<Record<Theme, string>> = {
  system: 'M4 5h16v11H4zM9 20h6M12 16v4',
  light:
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2.5M12 19.5V22M4.9 4.9l1.8 1.8M17.3 17.3l1.8 1.8M2 12h2.5M19.5 12H22M4.9 19.1l1.8-1.8M17.3 6.7l1.8-1.8',
  dark: 'M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z',
}

/** Three links. The island switches the theme without loading the page again. */
export function Appearance({ texts, theme }: { readonly texts: Texts; readonly theme: Theme }) {
  return (
    <div class="appearance" role="group" aria-label={texts.text('site.theme')}>
      {themes.map((choice) => {
        const name = texts.text(`site.theme.${choice}` satisfies MessageKey)
        return (
          <a
            key={choice}
            href={`?theme=${choice}`}
            rel="nofollow"
            data-theme-choice={choice}
            title={name}
            aria-label={name}
            aria-current={choice === theme ? 'true' : undefined}
          >
            <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
              <path d={shapes[choice]} />
            </svg>
          </a>
        )
      })}
    </div>
  )
}
