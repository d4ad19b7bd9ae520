import type { Texts } from '../../../texts/texts.ts'
import { DESK } from '../desk.ts'

const tabs = [
  ['/money', 'desk.money.ledger'],
  ['/money/owed', 'desk.money.owed'],
  ['/money/by-hand', 'desk.money.byHand'],
  ['/money/statement', 'desk.money.statement'],
] as const

export type MoneyTab = (typeof tabs)[number][0]

/** The pages about money. */
export function MoneyTabs({ texts, tab }: { readonly texts: Texts; readonly tab: MoneyTab }) {
  return (
    <nav class="tabs-inline" aria-label={texts.text('desk.place.money')}>
      {tabs.map(([path, name]) => (
        <a key={path} href={DESK + path} aria-current={path === tab ? 'page' : undefined}>
          {texts.text(name)}
        </a>
      ))}
    </nav>
  )
}
