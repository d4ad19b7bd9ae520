import { accountAdd } from '../../../acts/account-add.ts'
import type { FoundAccount } from '../../../customers/find-accounts.ts'
import type { Group } from '../../../customers/groups.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Badge } from '../../ui/badge.tsx'
import { AlignedMoney, percentText } from '../../ui/figures.tsx'
import { Button, Field } from '../../ui/form.tsx'
import { Empty } from '../../ui/notice.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import type { Faults } from '../../ui/page-ui.ts'
import { Moment } from '../../ui/parts.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { Select } from '../select.tsx'
import { type AskedCustomers, PAGE, placeBehind } from './asked.ts'

interface CustomersView {
  readonly asked: AskedCustomers
  readonly faults: Faults
  readonly groups: readonly Group[]
  readonly rows: readonly FoundAccount[]
  readonly hasMore: boolean
  readonly isFirst: boolean
}

/** All accounts, by what was asked for. */
export function customersPage(context: DeskContext, view: CustomersView): string {
  const { texts } = context.ui.frame
  const { asked, rows, hasMore, isFirst } = view
  const path = DESK + PAGE
  const last = rows.at(-1)
  return deskPage(context, {
    title: texts.text('desk.place.customers'),
    actions: <ActLink context={context} act={accountAdd} back={path} look="main" />,
    children: (
      <>
        <Filter context={context} view={view} />
        {rows.length === 0 ? (
          <Empty title={texts.text('desk.customers.none')} text={texts.text('desk.customers.searched')} />
        ) : (
          <div class="scroll">
            <Rows context={context} rows={rows} />
          </div>
        )}
        <PageLinks
          links={[
            { href: isFirst ? null : address(path, { ...asked }), text: texts.text('desk.customers.first') },
            {
              href: hasMore && last ? address(path, { ...asked, after: placeBehind(last, asked.order) }) : null,
              text: texts.text('desk.customers.next'),
            },
          ]}
        />
      </>
    ),
  })
}

function Filter({ context, view: { asked, faults, groups } }: { context: DeskContext; view: CustomersView }) {
  const { texts } = context.ui.frame
  const any = ['', texts.text('desk.customers.any')] as const
  return (
    <form method="get" action={DESK + PAGE} class="desk-asked">
      <Field
        name="q"
        type="search"
        label={texts.text('desk.customers.find')}
        value={asked.q}
        hint={texts.text('desk.customers.searched')}
      />
      <Select
        name="state"
        label={texts.text('desk.customers.state')}
        value={asked.state}
        options={[any, ['active', texts.text('desk.customers.active')], ['suspended', texts.text('desk.customers.suspended')]]}
      />
      {groups.length > 0 && (
        <Select
          name="group"
          label={texts.text('desk.customers.group')}
          value={asked.group}
          options={[any, ...groups.map(({ id, name }) => [String(id), name] as const)]}
        />
      )}
      {context.staff.may.has('money.read') && (
        <>
          <Select
            name="balance"
            label={texts.text('desk.customers.balance')}
            value={asked.balance}
            options={[any, ['zero', texts.text('desk.customers.zero')], ['low', texts.text('desk.customers.low')]]}
          />
          <Field
            name="spent"
            label={texts.text('desk.customers.spentFrom')}
            value={asked.spent}
            inputMode="decimal"
            dir="ltr"
            fault={faults['spent']}
          />
          <Select
            name="order"
            label={texts.text('desk.customers.order')}
            value={asked.order}
            options={[
              ['newest', texts.text('desk.customers.newest')],
              ['balance', texts.text('desk.customers.byBalance')],
              ['spent', texts.text('desk.customers.bySpent')],
            ]}
          />
        </>
      )}
      <Button type="submit">{texts.text('desk.customers.show')}</Button>
    </form>
  )
}

function Rows({ context, rows }: { context: DeskContext; rows: readonly FoundAccount[] }) {
  const { texts } = context.ui.frame
  const showsMoney = context.staff.may.has('money.read')
  return (
    <table class="desk-customers">
      <caption class="visually-hidden">{texts.text('desk.place.customers')}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.text('desk.customers.account')}</th>
          {showsMoney && <th scope="col" class="figures">{texts.text('desk.customers.balance')}</th>}
          {showsMoney && <th scope="col" class="figures">{texts.text('desk.customers.spent')}</th>}
          <th scope="col" class="figures">{texts.text('desk.customers.discount')}</th>
          <th scope="col">{texts.text('desk.customers.state')}</th>
          <th scope="col">{texts.text('desk.customers.opened')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} data-row>
            <th scope="row">
              <a href={`${DESK}${PAGE}/${row.id}`}>
                <bdi>{row.email}</bdi>
              </a>{' '}
              <span class="soft small">{row.id}</span>
            </th>
            {showsMoney && <td class="figures"><AlignedMoney texts={texts} units={row.wallet} currency={row.currency} /></td>}
            {showsMoney && <td class="figures"><AlignedMoney texts={texts} units={row.spent} currency={row.currency} /></td>}
            <td class="figures">{row.discountBasisPoints === 0 ? '–' : percentText(texts, row.discountBasisPoints / 10_000)}</td>
            <td><AccountState texts={texts} suspended={row.suspended} /></td>
            <td><Moment texts={texts} at={row.createdAt} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  ) // prettier-ignore
}

export function AccountState({ texts, suspended }: { readonly texts: Texts; readonly suspended: boolean }) {
  return suspended ? (
    <Badge tone="bad">{texts.text('desk.customers.suspended')}</Badge>
  ) : (
    <Badge tone="good">{texts.text('desk.customers.active')}</Badge>
  )
}
