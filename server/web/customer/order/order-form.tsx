import type { Field as OrderField } from '../../../../contract/service-types.ts'
import type { Units } from '../../../ledger/money.ts'
import type { Texts } from '../../texts/texts.ts'
import { Field } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Prose } from '../../ui/prose.tsx'
import { appPage } from '../app-frame.tsx'
import { countText, Money } from '../figures.tsx'
import { FieldOfOrder } from './order-fields.tsx'
import { Form, Submit } from '../parts.tsx'
import type { Faults, Scene } from '../scene.ts'
import type { OfferedService } from '../services/services-routes.ts'
import { ServicePrice, ServiceTraits } from '../services/services.tsx'

export interface Quoted {
  readonly charge: Units
  readonly kind: 'single' | 'drip-feed' | 'subscription'
  readonly wallet: Units
}

export interface OrderView {
  readonly offered: OfferedService
  readonly fields: readonly OrderField[]
  readonly currency: string
  readonly given: Readonly<Record<string, string>>
  readonly retry: string
  readonly faults: Faults
  /** What it will cost; there once the form could be priced. */
  readonly quoted?: Quoted
  /** What was shown, beyond which nothing is bought. */
  readonly maxCharge: string | undefined
}

/** The form of one service: fill it in, see what it costs, place it. */
export function orderPage(scene: Scene, view: OrderView): string {
  const { texts } = scene.frame
  const { offered, fields, currency, given, retry, faults, quoted, maxCharge } = view
  return appPage({
    scene,
    title: texts.text('app.newOrder'),
    children: (
      <div class="order">
        <section class="chosen" aria-labelledby="chosen-service">
          <div class="what">
            <h2 id="chosen-service">
              <bdi>{offered.name}</bdi>
            </h2>
            <p class="soft small">
              <bdi dir="ltr">{offered.service.id}</bdi> · <bdi>{offered.category}</bdi> ·{' '}
              <a href="/services">{texts.text('app.otherService')}</a>
            </p>
            <ServiceTraits texts={texts} offered={offered} />
          </div>
          <ServicePrice texts={texts} offered={offered} currency={currency} />
          {offered.description !== '' && (
            <p class="description" dir="auto">
              {offered.description}
            </p>
          )}
        </section>
        {faults['form'] !== undefined && (
          <Notice mood="bad">
            <Prose text={faults['form']} />
          </Notice>
        )}
        <Form scene={scene} action="/order">
          <input type="hidden" name="service" value={offered.service.id} />
          <input type="hidden" name="retry" value={retry} />
          {fields.map((field) => (
            <FieldOfOrder
              key={field.name}
              texts={texts}
              field={field}
              value={given[field.name] ?? ''}
              fault={faults[field.name]}
              range={rangeOf(texts, field, offered)}
            />
          ))}
          {quoted && <Cost texts={texts} quoted={quoted} currency={currency} />}
          {quoted && <input type="hidden" name="max_charge" value={maxCharge} />}
          <p class="ways">
            <button type="submit" class={`button ${quoted ? 'plain' : 'main'}`} name="step" value="price">
              {texts.text(quoted ? 'app.priceAgain' : 'app.seePrice')}
            </button>
            {quoted && (
              <button type="submit" class="button main" name="step" value="place">
                {texts.text('app.place')}
              </button>
            )}
          </p>
        </Form>
      </div>
    ),
  })
}

/** What min and max bound. */
function rangeOf(texts: Texts, { name, least, most }: OrderField, { service }: OfferedService): string | undefined {
  const bounded = name === 'quantity' || name === 'min' || name === 'max'
  if (bounded) return texts.text('docs.range', { least: countText(texts, service.min), most: countText(texts, service.max) })
  return name === 'answer_number' || least === undefined || most === undefined
    ? undefined
    : texts.text('docs.range', { least: texts.number(least), most: texts.number(most) })
}

function Cost({ texts, quoted: { charge, kind, wallet }, currency }: { texts: Texts; quoted: Quoted; currency: string }) {
  return (
    <dl class="own-facts cost">
      {kind === 'subscription' ? (
        <>
          <dt>{texts.text('app.cost')}</dt>
          <dd>{texts.text('app.costOfPosts')}</dd>
        </>
      ) : (
        <>
          <dt>{texts.text('app.cost')}</dt>
          <dd>
            <strong>
              <Money texts={texts} units={charge} currency={currency} />
            </strong>
          </dd>
        </>
      )}
      <dt>{texts.text('app.balance')}</dt>
      <dd>
        <Money texts={texts} units={wallet} currency={currency} />
      </dd>
      <dt>{texts.text('app.balanceAfter')}</dt>
      <dd>
        <Money texts={texts} units={wallet - charge} currency={currency} />
      </dd>
    </dl>
  )
}

/** Before a service is chosen. */
export function pickPage(scene: Scene, asked: string): string {
  const { texts } = scene.frame
  const fault = asked === '' ? undefined : texts.text('refusal.incorrectService')
  return appPage({
    scene,
    title: texts.text('app.newOrder'),
    children: (
      <>
        <p class="soft">{texts.text('app.pick')}</p>
        <form method="get" action="/order" class="form narrow-form">
          <Field
            name="service"
            label={texts.text('parameter.service')}
            inputMode="numeric"
            dir="ltr"
            required
            value={asked}
            fault={fault}
          />
          <Submit>{texts.text('app.next')}</Submit>
        </form>
        <p>
          <a class="button plain" href="/services">
            {texts.text('app.services')}
          </a>
        </p>
      </>
    ),
  })
}
