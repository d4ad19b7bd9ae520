import type { MessageKey } from '../../../../contract/message.ts'
import type { Permission } from '../../../staff/roles.ts'
import { DESK, type DeskContext } from '../desk.ts'

const tabs = [
  ['/payments', 'desk.payments.all', 'payments.read'],
  ['/payments/without-payer', 'desk.payments.withoutPayer', 'payments.read'],
  ['/payments/owing', 'desk.payments.owing', 'money.read'],
  ['/payments/methods', 'desk.payments.methods', 'payments.read'],
  ['/payments/coupons', 'desk.payments.coupons', 'payments.read'],
  ['/payments/rates', 'desk.payments.rates', 'payments.read'],
  ['/payments/reconciliation', 'desk.payments.reconciliation', 'payments.read'],
] as const satisfies readonly (readonly [string, MessageKey, Permission])[]

export type PaymentsTab = (typeof tabs)[number][0]

/** The pages about money that comes in, as far as the reader may see them. */
export function PaymentsTabs({ context, tab }: { readonly context: DeskContext; readonly tab: PaymentsTab }) {
  const { texts } = context.ui.frame
  return (
    <nav class="tabs-inline" aria-label={texts.text('desk.place.payments')}>
      {tabs
        .filter(([, , permission]) => context.staff.may.has(permission))
        .map(([path, name]) => (
          <a key={path} href={DESK + path} aria-current={path === tab ? 'page' : undefined}>
            {texts.text(name)}
          </a>
        ))}
    </nav>
  )
}
