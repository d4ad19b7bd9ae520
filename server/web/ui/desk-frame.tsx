import type { ComponentChildren } from 'preact'
import type { OwnStaff } from '../visitor.ts'
import { AccountMenu } from './account-menu.tsx'
import { AppNavigation, NAVIGATION } from './app-navigation.tsx'
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
      <AccountMenu texts={texts} visitor={visitor} csrf={staff.csrf} title="desk.own" href="/desk/own" signOut="/desk/sign-out">
        <bdi>{staff.name}</bdi> · {texts.text(`desk.option.${staff.role}`)}
      </AccountMenu>
      <LanguagePicker texts={texts} visitor={visitor} inEachLanguage={false} />
    </header>
  )
}
