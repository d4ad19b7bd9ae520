import type { ComponentChildren } from 'preact'
import type { MessageKey } from '../../../../contract/message.ts'
import type { StaffOrder } from '../../../fulfilment/all-orders.ts'
import type { Texts } from '../../../texts/texts.ts'
import { countText, Money } from '../../ui/figures.tsx'
import { Delivered, Status } from '../../ui/order-status.tsx'
import { address } from '../../ui/page-links.tsx'
import { Moment, OpenLink } from '../../ui/parts.tsx'

interface Column {
  readonly name: MessageKey
  readonly cell: (texts: Texts, order: StaffOrder) => ComponentChildren
  /** Its figures are aligned at the end. */
  readonly figures?: true
}

const none = <span class="soft">–</span>

/** The columns that a list of orders may have beside the number, in their order. */
const columns = {
  placed: { name: 'desk.orders.column.placed', cell: (texts, { placedAt }) => <Moment texts={texts} at={placedAt} /> },
  status: { name: 'desk.orders.column.status', cell: (texts, order) => <Standing texts={texts} order={order} /> },
  service: { name: 'desk.orders.column.service', cell: (_, order) => <Service order={order} /> },
  link: {
    name: 'desk.orders.column.link',
    cell: (_, { link }) => (
      <bdi class="link" dir="ltr">
        <OpenLink link={link} />
      </bdi>
    ),
  },
  delivered: {
    name: 'desk.orders.column.delivered',
    cell: (texts, { kind, quantity, remains }) =>
      kind === 'subscription' ? none : <Delivered texts={texts} quantity={quantity} remains={remains} />,
  },
  charge: {
    name: 'desk.orders.column.charge',
    figures: true,
    cell: (texts, { charge, refunded, currency }) => (
      <>
        <Money texts={texts} units={charge - refunded} currency={currency} />
        {refunded > 0n && (
          <span class="soft small">
            {texts.text('desk.orders.of')} <Money texts={texts} units={charge} currency={currency} />
          </span>
        )}
      </>
    ),
  },
  customer: {
    name: 'desk.orders.column.customer',
    cell: (_, { account, email }) => (
      <a class="quiet" href={address('/desk/orders', { account })}>
        <bdi>{email}</bdi>
      </a>
    ),
  },
  supplier: { name: 'desk.orders.column.supplier', cell: (texts, order) => <Supplier texts={texts} order={order} /> },
  start: {
    name: 'desk.orders.column.start',
    figures: true,
    cell: (texts, { startCount }) => <bdi class="figure">{countText(texts, startCount)}</bdi>,
  },
  cost: {
    name: 'desk.orders.column.cost',
    figures: true,
    cell: (_, { cost }) => (cost === null ? none : <bdi class="figure">{cost}</bdi>),
  },
  ended: { name: 'desk.orders.column.ended', cell: (texts, { endedAt }) => (endedAt ? <Moment texts={texts} at={endedAt} /> : none) },
  key: {
    name: 'desk.orders.column.key',
    cell: (_, { keyPrefix, account, keyId }) => (
      <a class="quiet" href={address('/desk/orders', { account, key: keyId })}>
        <code dir="ltr">{keyPrefix}</code>
      </a>
    ),
  },
  origin: { name: 'desk.orders.column.origin', cell: (texts, order) => <Origin texts={texts} order={order} /> },
} as const satisfies Readonly<Record<string, Column>>

export type ColumnName = keyof typeof columns
export const columnNames = Object.keys(columns) as ColumnName[]
export const usualColumns: readonly ColumnName[] = ['placed', 'status', 'service', 'link', 'delivered', 'charge', 'customer', 'supplier']

export function columnNamed(name: ColumnName): Column {
  return columns[name]
}

function Standing({ texts, order: { status, ended, cancelAsked, handOff } }: { texts: Texts; order: StaffOrder }) {
  return (
    <>
      <Status texts={texts} status={status} />
      {!ended && (handOff === 'unconfirmed' || handOff === 'attention') && (
        <span class="small bad-words">{texts.text(`desk.orders.handOff.${handOff}`)}</span>
      )}
      {cancelAsked && !ended && <span class="soft small">{texts.text('app.cancelAsked')}</span>}
    </>
  )
}

function Service({ order: { service, serviceName } }: { order: StaffOrder }) {
  return (
    <a class="quiet" href={address('/desk/orders', { service })}>
      <bdi>
        {service} {serviceName}
      </bdi>
    </a>
  )
}

function Supplier({ texts, order: { supplier, supplierId, reference, handOff } }: { texts: Texts; order: StaffOrder }) {
  if (supplier === null) return none
  return (
    <>
      <a class="quiet" href={address('/desk/orders', { supplier: supplierId })}>
        <bdi>{supplier}</bdi>
      </a>
      <span class="soft small">
        {reference !== null && reference !== 'manual' ? (
          <bdi dir="ltr">{reference}</bdi>
        ) : (
          handOff === null && texts.text('desk.orders.handOff.none')
        )}
      </span>
    </>
  )
}

export function Origin({ texts, order: { origin, kind, parent, test } }: { texts: Texts; order: StaffOrder }) {
  const words = texts.text(`desk.orders.origin.${origin ?? (kind === 'single' ? 'plain' : kind)}`)
  return (
    <>
      {parent === null ? (
        words
      ) : (
        <a class="quiet" href={`/desk/orders/${parent}`}>
          {words} {parent.toString()}
        </a>
      )}
      {test && <span class="soft small"> {texts.text('desk.orders.test')}</span>}
    </>
  )
}
