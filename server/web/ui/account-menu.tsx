import type { ComponentChildren } from 'preact'
import type { MessageKey } from '../../../contract/message.ts'
import type { Texts } from '../../texts/texts.ts'
import type { Visitor } from '../visitor.ts'
import { Appearance } from './appearance.tsx'
import { Icon } from './icon.tsx'

interface AccountMenuProps {
  readonly texts: Texts
  readonly visitor: Visitor
  readonly csrf: string
  /** What the page about one's own sign-in is called, and its address. */
  readonly title: MessageKey
  readonly href: string
  /** Where the form that signs out is sent. */
  readonly signOut: string
  /** Who is signed in. */
  readonly children: ComponentChildren
}

/** The menu of whoever is signed in, in the header of customers and of staff. */
export function AccountMenu({ texts, visitor, csrf, title, href, signOut, children }: AccountMenuProps) {
  return (
    <details class="picker account-menu">
      <summary>
        <Icon name="account" />
        <span class="visually-hidden">{texts.text(title)}</span>
      </summary>
      <div class="picker-panel">
        <p class="whose">{children}</p>
        <Appearance texts={texts} theme={visitor.theme} />
        <a href={href}>
          <Icon name="account" />
          {texts.text(title)}
        </a>
        <button type="button" class="keys-button needs-script" aria-haspopup="dialog">
          <Icon name="keyboard" />
          {texts.text('shell.keys')}
        </button>
        <form method="post" action={signOut}>
          <input type="hidden" name="csrf" value={csrf} />
          <button type="submit">
            <Icon name="signOut" />
            {texts.text('account.signOut')}
          </button>
        </form>
      </div>
    </details>
  )
}
