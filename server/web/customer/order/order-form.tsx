import type { Field as OrderField } from '../../../../contract/service-types.ts'
import { formatUnits } from '../../../ledger/money.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Notice } from '../../ui/notice.tsx'
import { appPage } from '../app-frame.tsx'
import { countText } from '../../ui/figures.tsx'
import { Form } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { address } from '../../ui/page-links.tsx'
import { conversionOf, type OtherCurrency } from '../other-currency/other-currency.ts'
import { OtherPrices } from '../other-currency/other-prices.tsx'
import type { OfferedService } from '../services/offer.ts'
import { ServiceMarks, ServicePrice } from '../services/services.tsx'
import { AboutService } from './about.tsx'
import type { Checked } from './check-order.ts'
import { Cost, type Payer, placeText } from './cost.tsx'
import type { Filled } from './filled.ts'
import { DripFields, FieldOfOrder } from './order-fields.tsx'
import { ServicePicker } from './service-picker.tsx'

interface OrderView extends Filled {
  readonly offered: OfferedService
  readonly fields: readonly OrderField[]
  readonly payer: Payer
  readonly other: OtherCurrency | undefined
  readonly favourites: ReadonlySet<number>
  readonly checked: Checked
  /** The price has risen since it was shown. */
  readonly priceRose: boolean
}

/** The order form of one service: fill it in, see the price, place the order. */
export function orderPage(ui: PageUi, view: OrderView): string {
  const { texts } = ui.frame
  const { offered, favourites, payer, other } = view
  return appPage({
    ui,
    title: texts.text('app.newOrder'),
    script: 'order',
    children: (
      <>
        <ServicePicker texts={texts} favourites={favourites} currency={payer.currency} chosen={`${offered.service.id} · ${offered.name}`} />
        <div id="order" class="order" data-conversion={conversionJson(payer)}>
          <section class="chosen" aria-labelledby="chosen-service">
            <div class="what">
              <h2 id="chosen-service">
                <bdi>{offered.name}</bdi>
              </h2>
              <p class="soft small">
                <bdi dir="ltr">{offered.service.id}</bdi>
                {offered.category !== '' && (
                  <>
                    {' · '}
                    <bdi>{offered.category}</bdi>
                  </>
                )}
              </p>
              <ServiceMarks texts={texts} offered={offered} />
            </div>
            <ServicePrice texts={texts} offered={offered} currency={payer.currency} conversion={payer.conversion} />
            <OtherPrices frame={ui.frame} other={other} address={(prices) => address('/order', { service: offered.service.id, prices })} />
          </section>
          <AboutService texts={texts} offered={offered} />
          <OrderForm ui={ui} view={view} />
        </div>
      </>
    ),
  })
}

/** For the prices of services that the page's script lists. */
function conversionJson({ conversion }: Pick<Payer, 'conversion'>): string | undefined {
  return conversion && JSON.stringify({ currency: conversion.currency, rate: conversion.rate })
}

function OrderForm({ ui, view }: { ui: PageUi; view: OrderView }) {
  const { texts } = ui.frame
  const { offered, fields, given, retry, checked, payer, priceRose } = view
  const { faults, weighed } = checked
  const canPlace = weighed !== undefined && Object.keys(faults).length === 0
  const drip = fields.filter(({ name }) => isDrip(name))
  const draw = (field: OrderField) => (
    <FieldOfOrder
      key={field.name}
      texts={texts}
      field={field}
      value={given[field.name] ?? ''}
      fault={faults[field.name]}
      range={rangeOf(texts, field, offered)}
    />
  )
  return (
    <Form ui={ui} action="/order" class="form order-form" messages={scriptMessages(texts)}>
      <input type="hidden" name="service" value={offered.service.id} />
      <input type="hidden" name="retry" value={retry} />
      <input type="hidden" name="max_charge" value={canPlace ? formatUnits(weighed.order.charge) : ''} />
      <div class="message-area">
        {priceRose && <Notice mood="warn">{texts.text('order.priceTurned')}</Notice>}
        {faults['form'] !== undefined && <Notice mood="bad">{faults['form']}</Notice>}
      </div>
      {fields.filter(({ name }) => !isDrip(name)).map(draw)}
      {drip.length > 0 && (
        <DripFields texts={texts} isOpen={drip.some(({ name }) => (given[name] ?? '') !== '' || faults[name] !== undefined)}>
          {drip.map(draw)}
        </DripFields>
      )}
      <div class={weighed ? 'cost' : 'cost needs-script'} id="cost">
        {weighed ? (
          <Cost texts={texts} offered={offered} weighed={weighed} payer={payer} />
        ) : (
          <p class="soft">{texts.text('order.fillIn')}</p>
        )}
      </div>
      <p class="ways">
        <button type="submit" class={`button ${canPlace ? 'plain' : 'main'} without-script`} name="step" value="price">
          {texts.text(weighed ? 'app.priceAgain' : 'app.seePrice')}
        </button>
        <button type="submit" class={canPlace ? 'button main' : 'button main needs-script'} name="step" value="place">
          {canPlace ? placeText(texts, weighed, payer) : texts.text('app.place')}
        </button>
      </p>
      <p class="visually-hidden spoken" role="status" />
    </Form>
  )
}

function isDrip(name: string): boolean {
  return name === 'runs' || name === 'interval'
}

/** Texts that the page's script shows while it waits, and when no answer comes. */
function scriptMessages(texts: Texts) {
  return {
    place: texts.text('app.place'),
    fillIn: texts.text('order.fillIn'),
    waiting: texts.text('order.waiting'),
    offline: texts.text('order.offline'),
    placing: texts.text('order.placing'),
    unknown: texts.text('order.unknown'),
    stale: texts.text('site.stale.text'),
    look: texts.text('order.lookFirst'),
  }
}

/** The range of values that the field accepts, in words; undefined if there is nothing to say. */
function rangeOf(texts: Texts, { name, least, most }: OrderField, { service }: OfferedService): string | undefined {
  const bounded = name === 'quantity' || name === 'min' || name === 'max'
  if (bounded) return texts.text('docs.range', { least: countText(texts, service.min), most: countText(texts, service.max) })
  return name === 'answer_number' || isDrip(name) || name === 'posts' || name === 'old_posts' || least === undefined || most === undefined
    ? undefined
    : texts.text('docs.range', { least: texts.number(least), most: texts.number(most) })
}

interface PickView {
  readonly asked: string
  readonly favourites: ReadonlySet<number>
  readonly currency: string
  readonly other: OtherCurrency | undefined
}

/** The page before a service is chosen. */
export function pickPage(ui: PageUi, { other, ...view }: PickView): string {
  const { texts } = ui.frame
  return appPage({
    ui,
    title: texts.text('app.newOrder'),
    script: 'order',
    children: (
      <>
        <ServicePicker texts={texts} {...view} />
        <div id="order" class="order" data-conversion={conversionJson({ conversion: conversionOf(other) })}>
          <OtherPrices frame={ui.frame} other={other} address={(prices) => address('/order', { prices })} />
          <p>
            <span class="soft">{texts.text('app.pick')}</span> <a href="/services">{texts.text('app.services')}</a>
          </p>
        </div>
      </>
    ),
  })
}
