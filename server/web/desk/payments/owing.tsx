import { accountExcuse } from '../../../acts/account-excuse.ts'
import type { Owing } from '../../../payments/owing.ts'
import { AlignedMoney } from '../../ui/figures.tsx'
import { Empty } from '../../ui/notice.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { Table } from '../../ui/table.tsx'
import { ActLink } from '../act-link.tsx'
import { AccountState } from '../customers/customers.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { PaymentsTabs } from './payments-tabs.tsx'

interface OwingView {
  readonly rows: readonly Owing[]
  readonly hasMore: boolean
  readonly isFirst: boolean
}

const PATH = `${DESK}/payments/owing`

/** Accounts that owe what was taken back and had been spent. */
export function owingPage(context: DeskContext, { rows, hasMore, isFirst }: OwingView): string {
  const { texts } = context.ui.frame
  return deskPage(context, {
    title: texts.text('desk.payments.owing'),
    lead: texts.text('desk.payments.owing.lead'),
    children: (
      <>
        <PaymentsTabs context={context} tab="/payments/owing" />
        {rows.length === 0 ? (
          <Empty title={texts.text('desk.payments.owing.none')} text={texts.text('desk.payments.owing.none.text')} />
        ) : (
          <div class="scroll">
            <Table
              caption={texts.text('desk.payments.owing')}
              headings={[
                texts.text('desk.customers.account'),
                texts.text('desk.customers.state'),
                texts.text('desk.payments.owed'),
                texts.text('desk.payments.toDo'),
              ]}
              figures={[2]}
              rows={rows.map((row) => cellsOf(context, row))}
            />
          </div>
        )}
        <PageLinks
          links={[
            { href: isFirst ? null : PATH, text: texts.text('desk.suppliers.first') },
            { href: hasMore ? address(PATH, { after: rows.at(-1)!.bookId }) : null, text: texts.text('desk.suppliers.next') },
          ]}
        />
      </>
    ),
  })
}

function cellsOf(context: DeskContext, { account, email, currency, owed, suspended }: Owing) {
  const { texts } = context.ui.frame
  return [
    <a key="account" href={`${DESK}/customers/${account}`}>
      <bdi>
        {account} {email}
      </bdi>
    </a>,
    <AccountState key="state" texts={texts} suspended={suspended} />,
    <AlignedMoney key="owed" texts={texts} units={owed} currency={currency} />,
    <span key="acts" class="buttons">
      {context.staff.may.has('orders.read') && (
        <a class="button small" href={address(`${DESK}/orders`, { account, state: 'open' })}>
          {texts.text('desk.payments.openOrders')}
        </a>
      )}
      <ActLink context={context} act={accountExcuse} with={{ account: String(account) }} back={PATH} look="small" />
    </span>,
  ]
}
