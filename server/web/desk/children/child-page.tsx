import { childClose, childDrop } from '../../../acts/child-close.ts'
import { childRenewKey } from '../../../acts/child-renew-key.ts'
import { childSet } from '../../../acts/child-set.ts'
import { childSetupLink } from '../../../acts/child-setup-link.ts'
import { childResume, childSuspend } from '../../../acts/child-suspend.ts'
import { type ChildSeen, owedRent } from '../../../children/children.ts'
import type { PaidRent } from '../../../children/rent.ts'
import { formatUnits } from '../../../ledger/money.ts'
import { moneyText } from '../../../texts/money.ts'
import { countText } from '../../ui/figures.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PanelState } from '../../ui/panel-state.tsx'
import { Moment } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { Health } from './health.tsx'

/** One child panel: how it does, what it owes and has paid, and what can be done. */
export function childPage(context: DeskContext, child: ChildSeen, rents: readonly PaidRent[]): string {
  const { texts } = context.ui.frame
  return deskPage(context, {
    title: child.host,
    lead: (
      <>
        <PanelState texts={texts} child={child} /> <Health texts={texts} child={child} now={context.now} />
      </>
    ),
    actions: <Acts context={context} child={child} />,
    children: (
      <>
        {child.fault !== null && (
          <Notice mood="bad">
            <bdi dir="ltr">{child.fault}</bdi>
          </Notice>
        )}
        {child.refusedFor !== null && <Notice mood="warn">{texts.text(`desk.children.refused.${child.refusedFor}`)}</Notice>}
        <Facts context={context} child={child} />
        <h2>{texts.text('desk.children.paid')}</h2>
        {rents.length === 0 ? (
          <p class="soft">{texts.text('desk.children.paid.none')}</p>
        ) : (
          <div class="scroll">
            <Table
              caption={texts.text('desk.children.paid')}
              headings={(['due', 'paidAt', 'amount'] as const).map((name) => texts.text(`desk.children.${name}`))}
              figures={[2]}
              rows={rents.map((rent) => [
                <Moment key="due" texts={texts} at={rent.dueAt} />,
                <Moment key="paid" texts={texts} at={rent.paidAt} />,
                <bdi key="amount">{moneyText(texts, rent.amount, child.currency)}</bdi>,
              ])}
            />
          </div>
        )}
      </>
    ),
  })
}

function Facts({ context: { ui, now }, child }: { readonly context: DeskContext; readonly child: ChildSeen }) {
  const { texts } = ui.frame
  const money = (units: bigint) => <bdi>{moneyText(texts, units, child.currency)}</bdi>
  const facts = [
    ['address', <a href={child.url} rel="noreferrer" dir="ltr">{child.url}</a>],
    ['customer', <a href={`${DESK}/customers/${child.accountId}`}><bdi dir="ltr">{child.email}</bdi></a>],
    ['balance', money(child.wallet)],
    ['rent', money(child.rent)],
    ['owed', money(owedRent(child, now))],
    ['due', <Moment texts={texts} at={child.rentDueAt} />],
    ['grace', child.graceUntil && <Moment texts={texts} at={child.graceUntil} />],
    ['kept', child.keptUntil && <Moment texts={texts} at={child.keptUntil} />],
    ['open', child.ordersOpen === null ? null : countText(texts, BigInt(child.ordersOpen))],
    ['last', child.lastOrderAt && <Moment texts={texts} at={child.lastOrderAt} />],
    ['version', child.version && <bdi dir="ltr">{child.version}</bdi>],
    ['looked', child.lookedAt && <Moment texts={texts} at={child.lookedAt} />],
    ['database', <code dir="ltr">{child.database}</code>],
  ] as const // prettier-ignore
  return (
    <dl class="own-facts">
      {facts.map(([name, value]) =>
        value === null || value === '' ? null : (
          <>
            <dt>{texts.text(`desk.children.${name}`)}</dt>
            <dd>{value}</dd>
          </>
        ),
      )}
    </dl>
  )
}

function Acts({ context, child }: { readonly context: DeskContext; readonly child: ChildSeen }) {
  const back = `${DESK}/children/${child.id}`
  const given = { host: child.host }
  const { state } = child
  const isUp = state === 'open' || state === 'suspended'
  return (
    <>
      {(state === 'suspended' || state === 'closed') && (
        <ActLink context={context} act={childResume} with={given} back={back} look="main" />
      )}
      {(state === 'open' || state === 'making') && <ActLink context={context} act={childSetupLink} with={given} back={back} />}
      {(isUp || state === 'closed') && <ActLink context={context} act={childRenewKey} with={given} back={back} />}
      {isUp && <ActLink context={context} act={childSet} with={{ ...given, rent: formatUnits(child.rent) }} back={back} />}
      {state === 'open' && <ActLink context={context} act={childSuspend} with={given} back={back} />}
      {isUp && <ActLink context={context} act={childClose} with={given} back={back} look="bad" />}
      {state === 'closed' && <ActLink context={context} act={childDrop} with={given} back={back} look="bad" />}
    </>
  )
}
