import { formatUnits, shortDecimal, type Units } from '../../../ledger/money.ts'
import type { TopUp } from '../../../payments/top-up.ts'
import { moneyText } from '../../../texts/money.ts'
import { Button, Field } from '../../ui/form.tsx'
import { Empty, Notice } from '../../ui/notice.tsx'
import type { Faults, PageUi } from '../../ui/page-ui.ts'
import { Form, FormFault, Submit } from '../../ui/parts.tsx'
import { appPage } from '../app-frame.tsx'
import type { TypedTopUp } from './top-up-routes.ts'

interface TopUpView {
  readonly topUp: TopUp | undefined
  readonly typed: TypedTopUp | null
  readonly faults: Faults
  readonly currency: string
}

/** When the balance is low, the kept card is charged: by which rule, and how to end it. */
export function topUpPage(ui: PageUi, { topUp, typed, faults, currency }: TopUpView): string {
  const { texts } = ui.frame
  const money = (units: Units) => moneyText(texts, units, currency)
  const stored = (units: Units | null | undefined) => (units ? shortDecimal(formatUnits(units)) : '')
  const values = typed ?? { below: stored(topUp?.below), amount: stored(topUp?.amount), most: stored(topUp?.mostPerDay) }
  const fieldOf = (name: keyof TypedTopUp) => (
    <Field
      name={name} label={texts.text(`topUp.${name}`, { currency })} value={values[name]} fault={faults[name]} inputMode="decimal" autocomplete="off"
      required dir="ltr"
    />
  ) // prettier-ignore
  return appPage({
    ui,
    title: texts.text('topUp.title'),
    children: (
      <>
        <p class="ways">
          <a class="button plain" href="/funds">
            {texts.text('app.funds')}
          </a>
        </p>
        {!topUp?.card && <Empty title={texts.text('topUp.none')} text={texts.text('topUp.noCard')} />}
        {topUp?.isOn && (
          <Notice mood="plain">
            {texts.text('topUp.isOn', { below: money(topUp.below), amount: money(topUp.amount), most: money(topUp.mostPerDay) })}
          </Notice>
        )}
        {topUp && topUp.failures > 0 && (
          <Notice mood="warn">
            {texts.text(topUp.isOn ? 'topUp.failed' : 'topUp.stopped')} <bdi>{topUp.words}</bdi>
          </Notice>
        )}
        {topUp?.card && (
          <Form ui={ui} action="/funds/top-up">
            <p>{texts.text('topUp.card', { card: topUp.card })}</p>
            <FormFault faults={faults} />
            {fieldOf('below')}
            {fieldOf('amount')}
            {fieldOf('most')}
            <p class="soft small">{texts.text('topUp.agree')}</p>
            <div class="row">
              <Submit>{texts.text(topUp.isOn ? 'topUp.save' : 'topUp.on')}</Submit>
              {topUp.isOn && (
                <Button type="submit" name="do" value="off" formNoValidate>
                  {texts.text('topUp.off')}
                </Button>
              )}
              <Button type="submit" name="do" value="forget" formNoValidate>
                {texts.text('topUp.forget')}
              </Button>
            </div>
          </Form>
        )}
      </>
    ),
  })
}
