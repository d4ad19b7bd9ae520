import type { WholeOrder } from '../../../fulfilment/staff-order.ts'
import type { Texts } from '../../../texts/texts.ts'
import { countText, Money } from '../../ui/figures.tsx'
import { Delivered } from '../../ui/order-status.tsx'
import { address } from '../../ui/page-links.tsx'
import { Moment, OrderLink } from '../../ui/parts.tsx'
import { columnNamed, Origin } from './columns.tsx'
import { FactList, Part } from './part.tsx'

interface WholeProps {
  readonly texts: Texts
  readonly whole: WholeOrder
}

/** What was ordered, by whom, and how much of it is done. */
export function Facts({ texts, whole: { order, details, parent } }: WholeProps) {
  const { kind, currency, charge, refunded, quantity, remains, startCount } = order
  const moment = (at: Date | null) => at && <Moment texts={texts} at={at} />
  return (
    <Part title={texts.text('desk.orders.part.order')}>
      <FactList
        facts={[
          [texts.text('desk.orders.column.link'), <OrderLink key="link" texts={texts} link={order.link} />],
          [texts.text('desk.orders.column.service'), columnNamed('service').cell(texts, order)],
          [texts.text('desk.orders.column.customer'), columnNamed('customer').cell(texts, order)],
          [texts.text('desk.orders.column.key'), columnNamed('key').cell(texts, order)],
          [texts.text('desk.orders.column.origin'), <Origin key="origin" texts={texts} order={order} />],
          [
            texts.text('desk.orders.column.delivered'),
            kind === 'subscription' ? null : <Delivered key="delivered" texts={texts} quantity={quantity} remains={remains} />,
          ],
          [texts.text('desk.orders.column.start'), kind === 'single' ? countText(texts, startCount) : null],
          [texts.text('desk.orders.runs'), parent?.runs ? `${parent.runsDone} / ${parent.runs}` : null],
          [texts.text('desk.orders.posts'), kind === 'subscription' && parent ? `${parent.postsServed} / ${parent.posts ?? '∞'}` : null],
          [texts.text('desk.orders.column.charge'), <Money key="charge" texts={texts} units={charge} currency={currency} />],
          [
            texts.text('desk.orders.givenBack'),
            refunded > 0n ? <Money key="refunded" texts={texts} units={refunded} currency={currency} /> : null,
          ],
          [texts.text('desk.orders.column.placed'), moment(order.placedAt)],
          [texts.text('desk.orders.started'), moment(order.startedAt)],
          [texts.text('desk.orders.column.ended'), moment(order.endedAt)],
          [texts.text('app.cancelAsked'), order.cancelAsked && !order.ended ? texts.text('desk.form.yes') : null],
          ...Object.entries(details.parameters ?? {}).map(([name, value]) => [name, <bdi key={name}>{value}</bdi>] as const),
        ]}
      />
    </Part>
  )
}

/** Who has it, under which id, and what they said last. */
export function HandOff({ texts, whole: { order, details } }: WholeProps) {
  const { handOff } = details
  if (order.supplier === null && !handOff) return null
  const yes = (is: boolean) => (is ? texts.text('desk.form.yes') : null)
  return (
    <Part title={texts.text('desk.orders.part.handOff')}>
      <FactList
        facts={[
          [
            texts.text('desk.orders.column.supplier'),
            <a key="supplier" href={address('/desk/orders', { supplier: order.supplierId })}>
              <bdi>{order.supplier}</bdi>
            </a>,
          ],
          [texts.text('desk.orders.reference'), order.reference && <code dir="ltr">{order.reference}</code>],
          [texts.text('desk.orders.handOff'), handOffText(texts, handOff?.state)],
          [texts.text('desk.orders.column.cost'), order.cost && <bdi class="figure">{order.cost}</bdi>],
          [texts.text('desk.orders.words'), handOff?.words && <q>{handOff.words}</q>],
          [texts.text('desk.orders.attempts'), handOff && handOff.attempts > 0 ? String(handOff.attempts) : null],
          [texts.text('desk.orders.oddAnswers'), handOff && handOff.oddAnswers > 0 ? String(handOff.oddAnswers) : null],
          [texts.text('desk.orders.claimed'), handOff?.claimedAt && <Moment texts={texts} at={new Date(handOff.claimedAt)} />],
          [texts.text('desk.orders.due'), !order.ended && handOff?.dueAt && <Moment texts={texts} at={new Date(handOff.dueAt)} />],
          [texts.text('desk.orders.maybeThere'), yes(handOff?.maybeThere === true)],
          [texts.text('desk.orders.cancelSent'), yes(handOff?.cancelSent === true)],
          [texts.text('desk.orders.confirmedByStaff'), yes(handOff?.confirmedByStaff === true)],
        ]}
      />
    </Part>
  )
}

const handOffNames = ['calling', 'waiting', 'sent', 'unconfirmed', 'attention', 'settled'] as const

/** How a hand-off stands; undefined: there is none yet. */
export function handOffText(texts: Texts, state: string | undefined): string {
  return texts.text(`desk.orders.handOff.${handOffNames.find((name) => name === state) ?? 'none'}`)
}
