import { couponAdd } from '../../../acts/coupon-add.ts'
import { couponEnd } from '../../../acts/coupon-end.ts'
import { couponSet } from '../../../acts/coupon-set.ts'
import type { CouponRow } from '../../../payments/coupon-book.ts'
import { moneyText } from '../../../texts/money.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Badge } from '../../ui/badge.tsx'
import { percentText } from '../../ui/figures.tsx'
import { Empty } from '../../ui/notice.tsx'
import { address } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { NewestLinks } from '../newest-links.tsx'
import { PaymentsTabs } from './payments-tabs.tsx'

interface CouponsView {
  readonly rows: readonly CouponRow[]
  readonly hasMore: boolean
  readonly isFirst: boolean
}

const PATH = `${DESK}/payments/coupons`

/** The coupons, with how often they were used and what they gave so far. */
export function couponsPage(context: DeskContext, { rows, hasMore, isFirst }: CouponsView): string {
  const { texts } = context.ui.frame
  const headings = ['code', 'gives', 'used', 'given', 'state'] as const
  return deskPage(context, {
    title: texts.text('desk.payments.coupons'),
    lead: texts.text('desk.payments.coupons.lead'),
    actions: <ActLink context={context} act={couponAdd} back={PATH} look="main" />,
    children: (
      <>
        <PaymentsTabs context={context} tab="/payments/coupons" />
        {rows.length === 0 ? (
          <Empty title={texts.text('desk.payments.coupons.none')} text={texts.text('desk.payments.coupons.none.text')} />
        ) : (
          <div class="scroll">
            <Table
              caption={texts.text('desk.payments.coupons')}
              headings={[...headings.map((name) => texts.text(`desk.payments.coupons.${name}`)), texts.text('desk.payments.toDo')]}
              figures={[2, 3]}
              rows={rows.map((row) => cellsOf(context, row))}
            />
          </div>
        )}
        <NewestLinks texts={texts} newest={isFirst ? null : PATH} older={hasMore ? address(PATH, { before: rows.at(-1)!.id }) : null} />
      </>
    ),
  })
}

function cellsOf(context: DeskContext, row: CouponRow) {
  const { texts } = context.ui.frame
  const coupon = String(row.id)
  return [
    <bdi key="code">{row.code}</bdi>,
    giftText(texts, row),
    row.times === null
      ? texts.number(row.used)
      : texts.text('desk.payments.coupons.of', { used: texts.number(row.used), times: texts.number(row.times) }),
    row.given.map(({ currency, units }) => (
      <div key={currency}>
        <bdi>{moneyText(texts, units, currency)}</bdi>
      </div>
    )),
    <State key="state" texts={texts} row={row} now={context.now} />,
    row.endedAt === null && (
      <span key="acts" class="buttons">
        <ActLink context={context} act={couponSet} with={{ coupon }} back={PATH} look="small" />
        <ActLink context={context} act={couponEnd} with={{ coupon }} back={PATH} look="small" />
      </span>
    ),
  ]
}

function giftText(texts: Texts, { basisPoints, most, currency, firstDepositOnly }: CouponRow): string {
  const parts = [
    percentText(texts, basisPoints / 10_000),
    most !== null && currency !== null ? texts.text('desk.payments.most', { amount: moneyText(texts, most, currency) }) : undefined,
    most === null && currency !== null ? texts.text('desk.payments.paidIn', { currency }) : undefined,
    firstDepositOnly ? texts.text('desk.payments.coupons.firstOnly') : undefined,
  ]
  return parts.filter((part) => part !== undefined).join(' · ')
}

function State({
  texts,
  row: { endedAt, until, times, used },
  now,
}: {
  readonly texts: Texts
  readonly row: CouponRow
  readonly now: Date
}) {
  if (endedAt !== null || (until !== null && until <= now)) return <Badge tone="idle">{texts.text('desk.payments.coupons.ended')}</Badge>
  if (times !== null && used >= times) return <Badge tone="idle">{texts.text('desk.payments.coupons.usedUp')}</Badge>
  if (until === null) return <Badge tone="good">{texts.text('desk.payments.on')}</Badge>
  return (
    <>
      {texts.text('desk.field.until')} <Moment texts={texts} at={until} />
    </>
  )
}
