import type { ComponentChildren } from 'preact'
import type { Texts } from '../../texts/texts.ts'
import type { OwnStaff, Visitor } from '../visitor.ts'
import { AppNavigation, NAVIGATION } from './app-navigation.tsx'
import { Appearance } from './appearance.tsx'
import { deskGroupsFor } from './desk-places.ts'
import type { Frame } from './document.tsx'
import { House } from './house-mark.tsx'
import { Icon } from './icon.tsx'
import { KeySheet } from './key-sheet.tsx'
import { LanguagePicker } from './language-picker.tsx'

interface DeskFrameProps {
  readonly frame: Frame
  readonly staff: OwnStaff
  readonly children: ComponentChildren
}

/** What stands around the pages of the desk: the house, the search, whoever is signed in, and the places that they may see. */
export function DeskFrame({ frame, staff, children }: DeskFrameProps) {
  const { texts, visitor } = frame
  const groups = deskGroupsFor(staff.may)
  return (
    <>
      <DeskHeader frame={frame} staff={staff} />
      <div class="beside-places">
        <AppNavigation texts={texts} path={visitor.path} folded={false} groups={groups} label="desk.navigation" />
        <div class="place desk-place">{children}</div>
      </div>
      <KeySheet
        texts={texts}
        groups={groups}
        further={[
          { keys: ['J', 'K'], name: 'desk.keys.rows' },
          { keys: ['X'], name: 'desk.keys.pick' },
          { keys: ['Enter'], name: 'desk.keys.open' },
        ]}
      />
    </>
  )
}

function DeskHeader({ frame, staff }: Omit<DeskFrameProps, 'children'>) {
  const { texts, visitor } = frame
  return (
    <header class="app-header desk-header">
      <button type="button" class="menu-button" popovertarget={NAVIGATION} aria-label={texts.text('shell.menu')}>
        <Icon name="menu" />
      </button>
      <House frame={frame} href="/desk" />
      {staff.may.has('orders.read') && (
        <form action="/desk/orders" class="desk-search" role="search">
          <Icon name="search" />
          <input type="search" name="q" aria-label={texts.text('desk.search')} placeholder={texts.text('desk.search')} dir="auto" />
        </form>
      )}
      <StaffMenu texts={texts} visitor={visitor} staff={staff} />
      <LanguagePicker texts={texts} visitor={visitor} inEachLanguage={false} />
    </header>
  )
}

function StaffMenu({ texts, visitor, staff }: { texts: Texts; visitor: Visitor; staff: OwnStaff }) {
  return (
    <details class="picker account-menu">
      <summary>
        <Icon name="account" />
        <span class="visually-hidden">{texts.text('desk.own')}</span>
      </summary>
      <div class="picker-panel">
        <p class="whose">
          <bdi>{staff.name}</bdi> · {texts.text(`desk.option.${staff.role}`)}
        </p>
        <Appearance texts={texts} theme={visitor.theme} />
        <a href="/desk/own">
          <Icon name="account" />
          {texts.text('desk.own')}
        </a>
        <button type="button" class="keys-button needs-script" aria-haspopup="dialog">
          <Icon name="keyboard" />
          {texts.text('shell.keys')}
        </button>
        <form method="post" action="/desk/sign-out">
          <input type="hidden" name="csrf" value={staff.csrf} />
          <button type="submit">
            <Icon name="signOut" />
            {texts.text('account.signOut')}
          </button>
        </form>
      </div>
    </details>
  )
}
