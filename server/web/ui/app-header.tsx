import { moneyText } from '../../texts/money.ts'
import type { Texts } from '../../texts/texts.ts'
import type { OwnAccount, Visitor } from '../visitor.ts'
import { NAVIGATION } from './app-navigation.tsx'
import { Appearance } from './appearance.tsx'
import type { Frame } from './document.tsx'
import { House } from './house-mark.tsx'
import { Icon } from './icon.tsx'
import { LanguagePicker } from './language-picker.tsx'

interface AppHeaderProps {
  readonly frame: Frame
  readonly account: OwnAccount
  readonly inEachLanguage: boolean
}

/** The longest balance, in characters, that fits into the header of a phone. */
const LONG_SUM = 12

/** The header that signed-in users always see: the operator's brand, the palette, the balance, the account. */
export function AppHeader({ frame, account, inEachLanguage }: AppHeaderProps) {
  const { texts, visitor } = frame
  const sum = moneyText(texts, account.wallet, account.currency)
  return (
    <header class="app-header">
      <button type="button" class="menu-button" popovertarget={NAVIGATION} aria-label={texts.text('shell.menu')}>
        <Icon name="menu" />
      </button>
      <House frame={frame} href="/" />
      <button type="button" class="palette-button needs-script" aria-haspopup="dialog" aria-keyshortcuts="Control+K Meta+K">
        <Icon name="search" />
        <span>{texts.text('palette.title')}</span>
        <kbd aria-hidden="true">Ctrl K</kbd>
      </button>
      <a class={sum.length > LONG_SUM ? 'balance long' : 'balance'} href="/funds">
        <span>{texts.text('app.balance')}</span>{' '}
        <bdi class="amount" dir="ltr">
          {sum}
        </bdi>
      </a>
      <AccountMenu texts={texts} visitor={visitor} account={account} />
      <LanguagePicker texts={texts} visitor={visitor} inEachLanguage={inEachLanguage} />
    </header>
  )
}

function AccountMenu({ texts, visitor, account: { email, csrf } }: { texts: Texts; visitor: Visitor; account: OwnAccount }) {
  return (
    <details class="picker account-menu">
      <summary>
        <Icon name="account" />
        <span class="visually-hidden">{texts.text('account.title')}</span>
      </summary>
      <div class="picker-panel">
        <p class="whose">
          <bdi dir="ltr">{email}</bdi>
        </p>
        <Appearance texts={texts} theme={visitor.theme} />
        <a href="/account">
          <Icon name="account" />
          {texts.text('account.title')}
        </a>
        <button type="button" class="keys-button needs-script" aria-haspopup="dialog">
          <Icon name="keyboard" />
          {texts.text('shell.keys')}
        </button>
        <form method="post" action="/sign-out">
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
