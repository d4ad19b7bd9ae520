import { Button, Field } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { EmailField, Form, FormFault, Submit } from '../../ui/parts.tsx'
import type { Faults } from '../../ui/page-ui.ts'
import type { DeskContext } from '../desk.ts'
import type { Progress } from './progress.ts'
import { setupPage } from './setup-page.tsx'

interface CustomerView {
  readonly progress: Progress
  readonly email: string
  readonly balance: string
  readonly faults: Faults
}

/** Asks who the first customer is, and with which balance they begin. */
export function customerPage(context: DeskContext, { progress, email, balance, faults }: CustomerView): string {
  const { ui, house } = context
  const { texts } = ui.frame
  return setupPage(context, {
    progress,
    step: 'customer',
    children: (
      <Form ui={ui} action="/desk/setup/customer" class="form card">
        <FormFault faults={faults} />
        <EmailField texts={texts} faults={faults} value={email} />
        <Field
          name="balance"
          label={texts.text('desk.setup.customer.balance', { currency: house.settings().currency })}
          value={balance}
          inputMode="decimal"
          required
          dir="ltr"
        />
        <Submit>{texts.text('desk.setup.customer.go')}</Submit>
      </Form>
    ),
  })
}

interface Welcomed {
  readonly account: number
  readonly email: string
  readonly key: string
  readonly link: string
  readonly mailed: boolean
}

/** What is shown once: the customer's key for programs, and the link to their pages. */
export function welcomedPage(context: DeskContext, progress: Progress, { account, email, key, link, mailed }: Welcomed): string {
  const { texts } = context.ui.frame
  const copied = texts.text('docs.copied')
  const secrets = [
    ['desk.setup.customer.link', link],
    ['desk.setup.customer.key', key],
  ] as const
  return setupPage(context, {
    progress,
    step: 'customer',
    children: (
      <section class="card">
        <Notice mood="good">{texts.text('desk.setup.customer.done', { email, account: String(account) })}</Notice>
        <p>{texts.text(mailed ? 'desk.setup.customer.mailed' : 'desk.setup.customer.handOver')}</p>
        <dl class="own-facts">
          {secrets.map(([name, secret]) => (
            <>
              <dt>{texts.text(name)}</dt>
              <dd>
                <code dir="ltr">{secret}</code>{' '}
                <Button look="small" class="needs-script" data-copy={secret} data-done={copied}>
                  {texts.text('docs.copy')}
                </Button>
              </dd>
            </>
          ))}
        </dl>
        <a class="button main" href={`/desk/setup/order?account=${account}`}>
          {texts.text('desk.setup.customer.toOrder')}
        </a>
      </section>
    ),
  })
}

export function waitsPage(context: DeskContext, progress: Progress): string {
  const { texts } = context.ui.frame
  return setupPage(context, {
    progress,
    step: 'customer',
    children: <Notice mood="warn">{texts.text('desk.setup.customer.waits')}</Notice>,
  })
}
