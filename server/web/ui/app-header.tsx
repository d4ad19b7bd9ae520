import { moneyText } from '../../texts/money.ts'
import type { OwnAccount } from '../visitor.ts'
import { AccountMenu } from './account-menu.tsx'
import { NAVIGATION } from './app-navigation.tsx'
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
      <AccountMenu texts={texts} visitor={visitor} csrf={account.csrf} title="account.title" href="/account" signOut="/sign-out">
        <bdi dir="ltr">{account.email}</bdi>
      </AccountMenu>
      <LanguagePicker texts={texts} visitor={visitor} inEachLanguage={inEachLanguage} />
    </header>
  )
}
