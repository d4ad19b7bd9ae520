import type { Account } from '../../../customers/accounts.ts'
import { Field } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Faults } from '../../ui/page-ui.ts'
import { Form, FormFault, Submit } from '../../ui/parts.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { PAGE } from './asked.ts'

interface ViewAsView {
  readonly account: Account
  readonly reason: string
  readonly faults: Faults
}

/** Asks why somebody wants to see the pages of a customer. */
export function viewAsPage(context: DeskContext, { account, reason, faults }: ViewAsView): string {
  const { ui } = context
  const { texts } = ui.frame
  const own = `${DESK}${PAGE}/${account.id}`
  return deskPage(context, {
    title: texts.text('desk.customers.view'),
    lead: <bdi>{account.email}</bdi>,
    children: (
      <Form ui={ui} action={`${own}/view`}>
        <Notice mood="plain">{texts.text('desk.customers.view.told')}</Notice>
        <FormFault faults={faults} />
        <Field name="reason" label={texts.text('desk.field.reason')} value={reason} fault={faults['reason']} required autofocus />
        <div class="buttons">
          <Submit>{texts.text('desk.customers.view.begin')}</Submit>
          <a class="button plain" href={own}>
            {texts.text('desk.form.back')}
          </a>
        </div>
      </Form>
    ),
  })
}
