import { paymentStates } from '../../../payments/find-payments.ts'
import type { MethodRow } from '../../../payments/methods.ts'
import type { PaymentRow } from '../../../payments/payments.ts'
import { AlignedMoney } from '../../ui/figures.tsx'
import { Button, Field } from '../../ui/form.tsx'
import { Empty } from '../../ui/notice.tsx'
import { address } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { NewestLinks } from '../newest-links.tsx'
import { Select } from '../select.tsx'
import { type AskedPayments, queryOf } from './asked.ts'
import { PaymentsTabs } from './payments-tabs.tsx'
import { Paid, paymentStateText, PaymentStateBadge } from './words.tsx'

interface PaymentsView {
  readonly asked: AskedPayments
  readonly methods: readonly MethodRow[]
  readonly rows: readonly PaymentRow[]
  readonly hasMore: boolean
  readonly isFirst: boolean
}

const PATH = `${DESK}/payments`

/** All payments, newest first, or those that the address asks for. */
export function paymentsPage(context: DeskContext, view: PaymentsView): string {
  const { texts } = context.ui.frame
  const { asked, rows, hasMore, isFirst } = view
  const last = rows.at(-1)
  return deskPage(context, {
    title: texts.text('desk.place.payments'),
    children: (
      <>
        <PaymentsTabs context={context} tab="/payments" />
        <Filter context={context} view={view} />
        <div data-live-region="payments">
          {rows.length === 0 ? (
            <Empty title={texts.text('desk.payments.none')} text={texts.text('desk.payments.none.text')} />
          ) : (
            <PaymentRows context={context} rows={rows} methods={view.methods} />
          )}
        </div>
        <NewestLinks
          texts={texts}
          newest={isFirst ? null : address(PATH, queryOf(asked))}
          older={hasMore && last ? address(PATH, { ...queryOf(asked), before: last.id }) : null}
        />
      </>
    ),
  })
}

function Filter({ context, view: { asked, methods } }: { readonly context: DeskContext; readonly view: PaymentsView }) {
  const { texts } = context.ui.frame
  const any = ['', texts.text('desk.customers.any')] as const
  const utc = texts.text('desk.money.utc')
  return (
    <form method="get" action={PATH} class="desk-asked">
      <Field
        name="find"
        type="search"
        label={texts.text('desk.payments.find')}
        hint={texts.text('desk.payments.find.hint')}
        value={asked.find}
        dir="ltr"
      />
      <Select
        name="state"
        label={texts.text('desk.field.state')}
        value={asked.state ?? ''}
        options={[any, ...paymentStates.map((state) => [state, paymentStateText(texts, state)] as const)]}
      />
      <Select
        name="method"
        label={texts.text('desk.payments.method')}
        value={String(asked.method ?? '')}
        options={[any, ...methods.map(({ id, name }) => [String(id), name] as const)]}
      />
      <Field
        name="account"
        label={texts.text('desk.customers.account')}
        value={String(asked.account ?? '')}
        inputMode="numeric"
        dir="ltr"
      />
      <Field name="currency" label={texts.text('desk.money.currency')} value={asked.currency} dir="ltr" />
      <Field name="from" type="date" label={texts.text('desk.money.from')} value={asked.from ?? ''} hint={utc} />
      <Field name="until" type="date" label={texts.text('desk.money.until')} value={asked.until ?? ''} hint={utc} />
      <Button type="submit">{texts.text('desk.customers.show')}</Button>
    </form>
  )
}

interface PaymentRowsProps {
  readonly context: DeskContext
  readonly rows: readonly PaymentRow[]
  readonly methods: readonly Pick<MethodRow, 'id' | 'name'>[]
  /** All are of one account, which the page names. */
  readonly ofOneAccount?: true
}

/** Payments, each with the way to all that is known of it. */
export function PaymentRows({ context, rows, methods, ofOneAccount }: PaymentRowsProps) {
  const { texts } = context.ui.frame
  const names = new Map(methods.map(({ id, name }) => [id, name]))
  return (
    <div class="scroll">
      <table class="desk-payments">
        <caption class="visually-hidden">{texts.text('desk.place.payments')}</caption>
        <thead>
          <tr>
            <th scope="col">{texts.text('desk.payments.reference')}</th>
            <th scope="col">{texts.text('desk.field.state')}</th>
            {!ofOneAccount && <th scope="col">{texts.text('desk.customers.account')}</th>}
            <th scope="col">{texts.text('desk.payments.method')}</th>
            <th scope="col" class="figures">{texts.text('desk.payments.asked')}</th>
            <th scope="col" class="figures">{texts.text('desk.payments.arrives')}</th>
            <th scope="col">{texts.text('desk.money.when')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} data-row>
              <th scope="row"><a href={`${PATH}/${row.id}`}><bdi dir="ltr">{row.reference}</bdi></a></th>
              <td><PaymentStateBadge texts={texts} state={row.state} /></td>
              {!ofOneAccount && <td><a href={`${DESK}/customers/${row.accountId}`}>{row.accountId}</a></td>}
              <td><bdi>{names.get(row.methodId) ?? '–'}</bdi></td>
              <td class="figures"><Paid texts={texts} amount={row.asked} currency={row.currency} /></td>
              <td class="figures"><AlignedMoney texts={texts} units={row.amount + row.bonus} currency={row.accountCurrency} /></td>
              <td><Moment texts={texts} at={row.createdAt} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  ) // prettier-ignore
}
