import { childAdd } from '../../../acts/child-add.ts'
import { type ChildSeen, owedRent } from '../../../children/children.ts'
import { AlignedMoney, countText } from '../../ui/figures.tsx'
import { Empty } from '../../ui/notice.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { PanelState } from '../../ui/panel-state.tsx'
import { Moment } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { Health } from './health.tsx'

const PATH = `${DESK}/children`

interface ChildrenView {
  readonly rows: readonly ChildSeen[]
  readonly hasMore: boolean
  readonly isFirst: boolean
}

/** All child panels: how they do, and what they owe. */
export function childrenPage(context: DeskContext, { rows, hasMore, isFirst }: ChildrenView): string {
  const { texts } = context.ui.frame
  const title = texts.text('desk.place.children')
  return deskPage(context, {
    title,
    lead: texts.text('desk.children.lead'),
    actions: <ActLink context={context} act={childAdd} back={PATH} look="main" />,
    children: (
      <>
        {rows.length === 0 ? (
          <Empty title={texts.text('desk.children.none')} text={texts.text('desk.children.none.text')} />
        ) : (
          <div class="scroll">
            <Table
              caption={title}
              headings={(['panel', 'state', 'open', 'last', 'rent', 'owed', 'balance'] as const).map((name) =>
                texts.text(`desk.children.${name}`),
              )}
              figures={[2, 4, 5, 6]}
              rows={rows.map((child) => rowOf(context, child))}
            />
          </div>
        )}
        <PageLinks
          links={[
            { href: isFirst ? null : PATH, text: texts.text('desk.children.first') },
            { href: hasMore ? address(PATH, { behind: rows.at(-1)!.id }) : null, text: texts.text('desk.services.next') },
          ]}
        />
      </>
    ),
  })
}

function rowOf({ ui, now }: DeskContext, child: ChildSeen) {
  const { texts } = ui.frame
  const { currency } = child
  const owed = <AlignedMoney texts={texts} units={owedRent(child, now)} currency={currency} />
  return [
    <>
      <a href={`${PATH}/${child.id}`}>
        <bdi dir="ltr">{child.host}</bdi>
      </a>
      <div class="small">
        <a href={`${DESK}/customers/${child.accountId}`}>
          <bdi dir="ltr">{child.email}</bdi>
        </a>
      </div>
    </>,
    <>
      <PanelState texts={texts} child={child} /> <Health texts={texts} child={child} now={now} />
    </>,
    child.ordersOpen === null ? '–' : countText(texts, BigInt(child.ordersOpen)),
    child.lastOrderAt === null ? '–' : <Moment key="last" texts={texts} at={child.lastOrderAt} />,
    <AlignedMoney key="rent" texts={texts} units={child.rent} currency={currency} />,
    owedRent(child, now) > 0n ? <strong key="owed">{owed}</strong> : owed,
    <AlignedMoney key="balance" texts={texts} units={child.wallet} currency={currency} />,
  ]
}
