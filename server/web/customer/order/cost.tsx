import { renderToString } from 'preact-render-to-string'
import { isPackageType } from '../../../../contract/service-types.ts'
import { callersRate, chargeFor } from '../../../catalog/price.ts'
import type { PriceList } from '../../../customers/prices.ts'
import { formatUnits, UNITS_PER_WHOLE } from '../../../ledger/money.ts'
import type { Weighed } from '../../../ordering/quote-order.ts'
import type { Texts } from '../../../texts/texts.ts'
import { countText, Money, moneyText, percentText, rateText } from '../../ui/figures.tsx'
import type { Conversion } from '../other-currency/convert.ts'
import { About, aboutSum } from '../other-currency/other-prices.tsx'
import type { OfferedService } from '../services/offer.ts'
import type { Checked } from './check-order.ts'
import type { CheckedAnswer } from './checked-answer.ts'
import { Schedule } from './schedule.tsx'

/** The account that pays, and the current time. */
export interface Payer {
  readonly prices: PriceList
  readonly currency: string
  readonly now: Date
  /** Turns sums into the currency that the reader chose. */
  readonly conversion: Conversion | undefined
}

interface CostProps {
  readonly texts: Texts
  readonly offered: OfferedService
  readonly weighed: Weighed
  readonly payer: Payer
}

export function checkedAnswer(texts: Texts, offered: OfferedService, { faults, lasting, weighed }: Checked, payer: Payer): CheckedAnswer {
  const canPlace = weighed && Object.keys(faults).length === 0
  return {
    faults,
    lasting,
    cost: weighed ? renderToString(<Cost texts={texts} offered={offered} weighed={weighed} payer={payer} />) : null,
    spoken: weighed ? spokenCost(texts, weighed, payer) : '',
    place: canPlace ? { maxCharge: formatUnits(weighed.order.charge), text: placeText(texts, weighed, payer) } : null,
  }
}

/** The cost as a sentence for screen readers. */
function spokenCost(texts: Texts, { order, wallet }: Weighed, { currency, conversion }: Payer): string {
  if (order.kind === 'subscription') return texts.text('app.costOfPosts')
  const [cost, after] = [moneyText(texts, order.charge, currency), moneyText(texts, wallet - order.charge, currency)]
  const about = conversion ? ` ≈ ${aboutSum(texts, order.charge, conversion)}` : ''
  return `${texts.text('app.cost')}: ${cost}${about}. ${texts.text('app.balanceAfter')}: ${after}.`
}

/** The text of the button, which says what it costs. */
export function placeText(texts: Texts, { order }: Weighed, { currency }: Payer): string {
  return order.kind === 'subscription'
    ? texts.text('app.place')
    : texts.text('order.placeFor', { cost: moneyText(texts, order.charge, currency) })
}

export function Cost({ texts, offered, weighed, payer }: CostProps) {
  const { order, wallet } = weighed
  const { currency, conversion } = payer
  return (
    <>
      <dl class="own-facts">
        <dt>{texts.text('app.cost')}</dt>
        {order.kind === 'subscription' ? (
          <dd>
            {texts.text('app.costOfPosts')} <CostOfPost texts={texts} offered={offered} weighed={weighed} payer={payer} />
          </dd>
        ) : (
          <dd>
            <strong>
              <Money texts={texts} units={order.charge} currency={currency} />
            </strong>
            {conversion && (
              <>
                {' '}
                <About text={aboutSum(texts, order.charge, conversion)} />
              </>
            )}
            <br />
            <bdi class="figure soft small" dir="ltr">
              {sumText(texts, offered, weighed, payer)}
            </bdi>
          </dd>
        )}
        <OwnPrice texts={texts} offered={offered} payer={payer} />
        <dt>{texts.text('app.balance')}</dt>
        <dd>
          <Money texts={texts} units={wallet} currency={currency} />
        </dd>
        <dt>{texts.text('app.balanceAfter')}</dt>
        <dd>
          <Money texts={texts} units={wallet - order.charge} currency={currency} />
        </dd>
        {wallet < order.charge && (
          <>
            <dt>{texts.text('order.missing')}</dt>
            <dd class="bad">
              <Money texts={texts} units={order.charge - wallet} currency={currency} /> · <a href="/funds">{texts.text('app.funds')}</a>
            </dd>
          </>
        )}
      </dl>
      {order.kind === 'drip-feed' && <Schedule texts={texts} order={order} now={payer.now} />}
    </>
  )
}

/** The arithmetic, for readers who want to check it: rate × quantity ÷ 1000. */
function sumText(texts: Texts, { service, rate }: OfferedService, { order }: Weighed, { prices, currency }: Payer): string {
  const isPackage = isPackageType(service.type)
  const runs = BigInt(order.parameters?.['runs'] ?? 1)
  const factors = [rateText(texts, rate, currency), countText(texts, order.quantity / runs)]
  if (runs > 1n) factors.push(countText(texts, runs))
  const { digits, places } = callersRate(service.id, service.rate, prices).value
  const [exact, charged] = [digits * order.quantity * UNITS_PER_WHOLE, order.charge * 10n ** BigInt(places) * (isPackage ? 1n : 1000n)]
  const product = `${factors.join(' × ')}${isPackage ? '' : ` ÷ ${texts.number(1000)}`}`
  return `${product} ${exact === charged ? '=' : '≈'} ${moneyText(texts, order.charge, currency)}`
}

/** Shown if this account's price differs from the list. */
function OwnPrice({ texts, offered: { service }, payer: { prices, currency } }: Omit<CostProps, 'weighed'>) {
  const { source } = callersRate(service.id, service.rate, prices)
  if (source === null) return null
  const listRate = rateText(texts, service.rate, currency)
  return (
    <>
      <dt>{texts.text(source === 'custom' ? 'order.ownRate' : 'offer.yourDiscount')}</dt>
      <dd>
        {source === 'custom'
          ? texts.text('order.insteadOf', { rate: listRate })
          : texts.text('order.off', { percent: percentText(texts, prices.discountBasisPoints / 10_000), rate: listRate })}
      </dd>
    </>
  )
}

/** The lowest and the highest cost per post. */
function CostOfPost({ texts, offered: { service }, weighed: { order }, payer: { prices, currency, conversion } }: CostProps) {
  const rate = callersRate(service.id, service.rate, prices).value
  const [least, most] = (['min', 'max'] as const).map((name) => chargeFor(rate, BigInt(order.parameters![name]!), false)) as [
    bigint,
    bigint,
  ]
  const span = (text: (units: bigint) => string) => (least === most ? text(least) : `${text(least)}–${text(most)}`)
  return (
    <>
      <bdi class="figure" dir="ltr">
        {span((units) => moneyText(texts, units, currency))}
      </bdi>
      {conversion && (
        <>
          {' '}
          <About text={span((units) => aboutSum(texts, units, conversion))} />
        </>
      )}
    </>
  )
}
