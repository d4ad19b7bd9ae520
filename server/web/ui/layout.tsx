import type { ComponentChildren } from 'preact'
import { addressIn } from '../visitor.ts'
import { Announcements } from './announcements.tsx'
import { AppHeader } from './app-header.tsx'
import { AppNavigation } from './app-navigation.tsx'
import { Appearance } from './appearance.tsx'
import type { Frame, Page } from './document.tsx'
import { DeskFrame } from './desk-frame.tsx'
import { House } from './house-mark.tsx'
import { OpenIncidents } from './open-incidents.tsx'
import { KeySheet } from './key-sheet.tsx'
import { LanguagePicker } from './language-picker.tsx'
import { Palette } from './palette.tsx'
import { groupsFor } from './places.ts'
import { SiteFooter } from './site-footer.tsx'
import { Toasts } from './toasts.tsx'
import { ViewBanner } from './view-banner.tsx'

interface LayoutProps {
  readonly frame: Frame
  readonly page: Page
  /** Links of the site itself, beside the operator's name. */
  readonly navigation?: ComponentChildren
  readonly footer?: ComponentChildren
  /** The page has its own table of contents beside it, so the app's navigation is behind its button. */
  readonly hasContents?: boolean
  /** Nothing else of the house is served, so nothing is linked. */
  readonly alone?: boolean
  readonly children: ComponentChildren
}

/** The frame around every page: the operator's name, the navigation, the content with the id `content`, the footer. */
export function Layout({ frame, page, navigation, footer, hasContents = false, alone = false, children }: LayoutProps) {
  const { texts, visitor } = frame
  const { account, staff } = visitor
  const groups = groupsFor(visitor)
  return (
    <>
      <a class="skip" href="#content">
        {texts.text('site.skip')}
      </a>
      {staff ? (
        <DeskFrame frame={frame} staff={staff}>
          {children}
        </DeskFrame>
      ) : account ? (
        <>
          {account.viewedBy && <ViewBanner texts={texts} account={account} viewedBy={account.viewedBy} />}
          <AppHeader frame={frame} account={account} inEachLanguage={page.inEachLanguage === true} />
          <div class={hasContents ? undefined : 'beside-places'}>
            <AppNavigation texts={texts} path={visitor.path} folded={hasContents} groups={groups} label="app.navigation" />
            <div class="place">
              <OpenIncidents texts={texts} account={account} path={visitor.path} />
              <Announcements texts={texts} account={account} path={visitor.path} />
              {children}
              <SiteFooter frame={frame}>{footer}</SiteFooter>
            </div>
          </div>
          <Palette texts={texts} />
          <KeySheet texts={texts} groups={groups} further={[{ keys: ['Ctrl K'], name: 'palette.title' }]} />
        </>
      ) : alone ? (
        <>
          <header class="site-header">
            <House frame={frame} href="/" />
          </header>
          {children}
        </>
      ) : (
        <>
          <SiteHeader frame={frame} page={page} navigation={navigation} />
          {children}
          <SiteFooter frame={frame}>{footer}</SiteFooter>
        </>
      )}
      <Toasts texts={texts} />
    </>
  )
}

/** The header for visitors who are not signed in. */
function SiteHeader({ frame, page, navigation }: Pick<LayoutProps, 'frame' | 'page' | 'navigation'>) {
  const { texts, visitor } = frame
  return (
    <header class="site-header">
      <House frame={frame} href={addressIn(texts.language, '/')} />
      <nav class="site-navigation">
        {navigation}
        <a href={addressIn(texts.language, '/api')}>{texts.text('site.docs')}</a>
        <a href="/sign-in">{texts.text('account.signIn')}</a>
      </nav>
      <Appearance texts={texts} theme={visitor.theme} />
      <LanguagePicker texts={texts} visitor={visitor} inEachLanguage={page.inEachLanguage === true} />
    </header>
  )
}
