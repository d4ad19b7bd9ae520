import type { AnyAct } from '../../../acts/act.ts'
import { paymentMethodOff, paymentMethodOn } from '../../../acts/payment-method-switch.ts'
import { paymentMethodTest } from '../../../acts/payment-method-test.ts'
import { tierText } from '../../../acts/payment-fields.ts'
import { gatewayNamed } from '../../../payments/gateways.ts'
import type { MethodRow } from '../../../payments/methods.ts'
import { hookUrlOf } from '../../../payments/start.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Badge } from '../../ui/badge.tsx'
import { percentText } from '../../ui/figures.tsx'
import { Button } from '../../ui/form.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Form, Moment } from '../../ui/parts.tsx'
import { Prose } from '../../ui/prose.tsx'
import { actTitle } from '../act-words.ts'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { PaymentsTabs } from './payments-tabs.tsx'
import { payersText } from './words.tsx'

interface MethodsView {
  readonly methods: readonly MethodRow[]
  readonly siteUrl: string
}

const PATH = `${DESK}/payments/methods`

/** The ways to pay, in the order in which customers see them. */
export function methodsPage(context: DeskContext, { methods, siteUrl }: MethodsView): string {
  const { texts } = context.ui.frame
  const mayManage = context.staff.may.has('payments.manage')
  return deskPage(context, {
    title: texts.text('desk.payments.methods'),
    lead: texts.text('desk.payments.methods.lead'),
    actions: mayManage && (
      <a class="button main" href={`${PATH}/new`}>
        {actTitle(texts, 'payment-method add')}
      </a>
    ),
    children: (
      <>
        <PaymentsTabs context={context} tab="/payments/methods" />
        {methods.length === 0 ? (
          <Empty title={texts.text('desk.payments.methods.none')} text={texts.text('desk.payments.methods.none.text')} />
        ) : (
          <ul class="desk-methods">
            {methods.map((method) => (
              <Method key={method.id} context={context} method={method} siteUrl={siteUrl} mayManage={mayManage} />
            ))}
          </ul>
        )}
      </>
    ),
  })
}

interface MethodProps {
  readonly context: DeskContext
  readonly method: MethodRow
  readonly siteUrl: string
  readonly mayManage: boolean
}

function Method({ context, method, siteUrl, mayManage }: MethodProps) {
  const { texts } = context.ui.frame
  const { name, isOn, gateway } = method
  return (
    <li class="card">
      <h2>
        <bdi>{name}</bdi> <Badge tone={isOn ? 'good' : 'idle'}>{texts.text(isOn ? 'desk.payments.on' : 'desk.payments.off')}</Badge>
      </h2>
      <p class="soft">{gatewayNamed(gateway)?.title ?? gateway}</p>
      <TestResult texts={texts} method={method} />
      <Terms texts={texts} method={method} />
      {mayManage && gateway !== 'manual' && <Hook texts={texts} method={method} address={hookUrlOf(siteUrl, method)} />}
      {mayManage && (
        <div class="buttons">
          <AtOnce context={context} act={paymentMethodTest} method={method} />
          <AtOnce context={context} act={isOn ? paymentMethodOff : paymentMethodOn} method={method} />
          <a class="button plain" href={`${PATH}/${method.id}`}>
            {actTitle(texts, 'payment-method set')}
          </a>
        </div>
      )}
    </li>
  )
}

function TestResult({ texts, method: { workedAt, fault } }: { readonly texts: Texts; readonly method: MethodRow }) {
  if (fault !== null) {
    return (
      <p class="bad">
        {texts.text('desk.payments.fault')} <bdi lang="en">{fault}</bdi>
      </p>
    )
  }
  if (workedAt === null) return <p class="soft">{texts.text('desk.payments.untested')}</p>
  return (
    <p>
      {texts.text('desk.payments.worked')} <Moment texts={texts} at={workedAt} />
    </p>
  )
}

/** What it costs and allows, in a line each. */
function Terms({ texts, method }: { readonly texts: Texts; readonly method: MethodRow }) {
  const { currency, least, most, feeBasisPoints, feeFixed, bonuses } = method
  const money = (amount: string) => (currency === null ? amount : payersText(texts, amount, currency))
  const fee = [feeBasisPoints > 0 ? percentText(texts, feeBasisPoints / 10_000) : '', feeFixed === '0' ? '' : money(feeFixed)].filter(
    (part) => part !== '',
  )
  const lines = [
    ...(currency === null ? [] : [texts.text('desk.payments.paidIn', { currency })]),
    ...(least === null ? [] : [texts.text('desk.payments.least', { amount: money(least) })]),
    ...(most === null ? [] : [texts.text('desk.payments.most', { amount: money(most) })]),
    ...(fee.length === 0 ? [] : [texts.text('desk.payments.fee', { fee: fee.join(' + ') })]),
    ...bonuses.map((tier) => texts.text('desk.payments.tier', { tier: `${tierText(tier)} %` })),
  ] // prettier-ignore
  return lines.length === 0 ? null : <p class="small soft">{lines.join(' · ')}</p>
}

interface HookProps {
  readonly texts: Texts
  readonly method: MethodRow
  readonly address: string
}

/** The address at which the gateway calls, and where it is entered there. */
function Hook({ texts, method: { gateway, id }, address }: HookProps) {
  const key = `desk.payments.enter.${gateway}`
  return (
    <div class="desk-hook">
      <p class="small" id={`hook-${id}`}>
        {texts.text('desk.payments.hook')}
      </p>
      <p>
        <code dir="ltr" class="break">
          {address}
        </code>{' '}
        <Button look="small" class="needs-script" data-copy={address} data-done={texts.text('docs.copied')} aria-describedby={`hook-${id}`}>
          {texts.text('docs.copy')}
        </Button>
      </p>
      <p class="small soft">
        <Prose text={texts.has(key) ? texts.text(key) : texts.text('desk.payments.enter')} />
      </p>
    </div>
  )
}

function AtOnce({ context, act, method }: { readonly context: DeskContext; readonly act: AnyAct; readonly method: MethodRow }) {
  const { ui } = context
  return (
    <Form ui={ui} action={PATH} class="at-once">
      <input type="hidden" name="form:act" value={act.name} />
      <input type="hidden" name="method" value={method.id} />
      <Button type="submit">{actTitle(ui.frame.texts, act.name)}</Button>
    </Form>
  )
}
