import type { MethodRow } from '../../../payments/methods.ts'
import type { Offer } from '../../../payments/offers.ts'
import type { Terms } from '../../../payments/start.ts'
import { moneyText } from '../../../texts/money.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Choice } from '../../ui/choice.tsx'
import { Button, Field } from '../../ui/form.tsx'
import { percentText } from '../../ui/figures.tsx'
import { Notice } from '../../ui/notice.tsx'
import { address } from '../../ui/page-links.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { Form, FormFault, Submit } from '../../ui/parts.tsx'
import { parseUnits } from '../../../ledger/money.ts'
import { appPage } from '../app-frame.tsx'
import { type AddView, figuresOf } from './add-form.ts'
import { payerText } from './payer-money.ts'
import { askedText, Figures, OfferCost } from './offer-cost.tsx'

/** The form at the top of the page of funds: how much, by which method, what that costs and what arrives. */
export function AddFunds({ ui, view }: { readonly ui: PageUi; readonly view: AddView }) {
  const { texts } = ui.frame
  const { typed, faults, form } = view
  return (
    <section class="add-funds" id="add" aria-labelledby="add-title">
      <div class="row section-head">
        <h2 id="add-title">{texts.text('payments.add')}</h2>
        <span class="ways">
          <a href="/funds/payments">{texts.text('payments.list')}</a>
          {view.keepsCards && <a href="/funds/top-up">{texts.text('topUp.title')}</a>}
        </span>
      </div>
      <FormFault faults={faults} />
      <Form ui={ui} action="/funds/add" messages={{ next: texts.text('payments.next') }}>
        {/* The first button of a form is the one that Enter presses. */}
        <button type="submit" class="visually-hidden" tabIndex={-1} aria-hidden="true" />
        <input type="hidden" name="form" value={form} />
        <input type="hidden" name="figures" value="" />
        <Amount texts={texts} view={view} />
        <Methods texts={texts} view={view} />
        <Field
          name="coupon" label={texts.text('payments.coupon')} hint={texts.text('payments.coupon.hint')} value={typed.coupon} autocomplete="off" dir="ltr"
          fault={faults['coupon']}
        />
        {view.keepsCards && (
          <Choice type="checkbox" name="keep-card" id="keep-card" checked={typed.keepCard} label={texts.text('topUp.keep')} hint={texts.text('topUp.keep.hint')} />
        )}
        <Submit>{texts.text('payments.next')}</Submit>
        <p class="visually-hidden spoken" aria-live="polite" />
      </Form>
    </section>
  ) // prettier-ignore
}

function Amount({ texts, view: { typed, picks, faults, currency } }: { readonly texts: Texts; readonly view: AddView }) {
  return (
    <div class="pay-amount">
      <Field
        name="amount" label={texts.text('payments.amount', { currency })} value={typed.amount} inputMode="decimal" autocomplete="off" required dir="ltr"
        fault={faults['amount']}
      />
      <div class="picks" role="group" aria-label={texts.text('payments.picks')}>
        {picks.map((pick) => (
          <Button key={pick} type="submit" name="pick" value={pick} formNoValidate aria-pressed={pick === typed.amount}>
            <bdi dir="ltr">{moneyText(texts, parseUnits(pick), currency).replace(/[.,]00(?!\d)/, '')}</bdi>
          </Button>
        ))}
      </div>
    </div>
  ) // prettier-ignore
}

function Methods({ texts, view }: { readonly texts: Texts; readonly view: AddView }) {
  const { methods, offers, typed, currency, now, house, faults } = view
  return (
    <fieldset class="pay-ways">
      <legend>{texts.text('payments.method')}</legend>
      {methods.map((method, at) => (
        <div class="pay-way" key={method.id}>
          <input type="radio" id={`way-${method.id}`} name="method" value={method.id} checked={typed.method === String(method.id)} />
          <div>
            <label for={`way-${method.id}`}>
              <bdi>{method.name}</bdi>
            </label>
            {method.words !== null && (
              <p class="soft small funds-note" dir="auto">
                {method.words}
              </p>
            )}
            <Bonuses texts={texts} method={method} currency={currency} />
            <div class="pay-cost" data-cost={method.id}>
              {offers && <OfferCost texts={texts} currency={currency} offer={offers[at]!} now={now} house={house} />}
            </div>
          </div>
        </div>
      ))}
      {faults['method'] !== undefined && <p class="fault">{faults['method']}</p>}
    </fieldset>
  )
}

/** "From $100.00: 5% bonus". */
function Bonuses({ texts, method, currency }: { readonly texts: Texts; readonly method: MethodRow; readonly currency: string }) {
  const tiers = method.bonuses.filter((tier) => tier.currency === currency)
  if (tiers.length === 0) return null
  const words = tiers.map(({ from, basis_points }) =>
    texts.text('payments.bonusFrom', { from: payerText(texts, from, currency), percent: percentText(texts, basis_points / 10_000) }),
  )
  return <p class="pay-bonus small">{words.join(' · ')}</p>
}

/** The text of the button that starts the payment of an offer; undefined: it cannot be started. */
export function payText(texts: Texts, { terms }: Offer): string | undefined {
  return terms === null ? undefined : texts.text('payments.pay', { asked: askedText(texts, terms.quote) })
}

interface ConfirmView {
  readonly add: AddView
  readonly terms: Terms
  /** The figures were other ones when the form was sent. */
  readonly isChanged: boolean
}

/** The exact figures, before a payment is started. */
export function confirmPage(ui: PageUi, { add, terms, isChanged }: ConfirmView): string {
  const { texts } = ui.frame
  const { typed, form, currency, now, house } = add
  return appPage({
    ui,
    title: texts.text('payments.confirm'),
    children: (
      <section class="confirm-payment">
        {isChanged && <Notice mood="warn">{texts.text('payments.changed')}</Notice>}
        <Figures texts={texts} terms={terms} currency={currency} now={now} house={house} />
        <Form ui={ui} action="/funds/add">
          <input type="hidden" name="form" value={form} />
          <input type="hidden" name="amount" value={typed.amount} />
          <input type="hidden" name="method" value={typed.method} />
          <input type="hidden" name="coupon" value={typed.coupon} />
          {typed.keepCard && <input type="hidden" name="keep-card" value="on" />}
          <input type="hidden" name="figures" value={figuresOf(terms.quote)} />
          <div class="row">
            <Submit>{texts.text('payments.pay', { asked: askedText(texts, terms.quote) })}</Submit>
            <a
              class="button plain"
              href={address('/funds', {
                amount: typed.amount,
                method: typed.method,
                coupon: typed.coupon,
                'keep-card': typed.keepCard ? 'on' : null,
              })}
            >
              {texts.text('payments.change')}
            </a>
          </div>
        </Form>
      </section>
    ),
  })
}
