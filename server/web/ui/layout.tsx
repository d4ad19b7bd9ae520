import type { ComponentChildren } from 'preact'
import { addressIn } from '../visitor.ts'
import { AppNavigation } from './app-navigation.tsx'
import { Appearance } from './appearance.tsx'
import type { Frame, Page } from './document.tsx'
import { LanguagePicker } from './language-picker.tsx'

interface LayoutProps {
  readonly frame: Frame
  readonly page: Page
  /** Links of the house's own, beside its name. */
  readonly navigation?: ComponentChildren
  readonly footer?: ComponentChildren
  readonly children: ComponentChildren
}

/** The frame around every page: the house's name, the pickers, the content with the id `content`, a foot. */
export function Layout({ frame, page, navigation, footer, children }: LayoutProps) {
  const { texts, house, assets, visitor } = frame
  return (
    <>
      <a class="skip" href="#content">
        {texts.text('site.skip')}
      </a>
      <header class="site-header">
        <a class="house" href={addressIn(texts.language, '/')}>
          {assets.logo === undefined ? <Ticket /> : <img src={assets.logo} alt="" height="28" />}
          <span>{house.name}</span>
        </a>
        <nav class="site-navigation">
          {navigation}
          <a href={addressIn(texts.language, '/api')}>{texts.text('site.docs')}</a>
          {visitor.signedIn ? <a href="/account">{texts.text('account.title')}</a> : <a href="/sign-in">{texts.text('account.signIn')}</a>}
        </nav>
        <Appearance texts={texts} theme={visitor.theme} />
        <LanguagePicker texts={texts} visitor={visitor} inEachLanguage={page.inEachLanguage === true} />
      </header>
      {visitor.signedIn && <AppNavigation texts={texts} path={visitor.path} />}
      {children}
      <footer class="site-footer">{footer}</footer>
    </>
  )
}

/** The house's sign until it has a logo: takes the house colour from the page. */
function Ticket() {
  return (
    <svg class="ticket" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <path fill="currentColor" d="M4 6h24v7a3 3 0 0 0 0 6v7H4v-7a3 3 0 0 0 0-6z" />
      <path d="M10 13h12M10 19h7" />
    </svg>
  )
}
