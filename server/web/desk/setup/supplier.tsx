import type { OurAccount } from '../../../fulfilment/try-supplier.ts'
import type { SupplierRow } from '../../../suppliers/registry.ts'
import { Choice } from '../../ui/choice.tsx'
import { Button, Field } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Form, FormFault, Submit } from '../../ui/parts.tsx'
import type { Faults } from '../../ui/page-ui.ts'
import type { DeskContext } from '../desk.ts'
import type { Progress } from './progress.ts'
import { setupPage } from './setup-page.tsx'
import type { TypedSupplier } from './supplier-step.ts'

interface SupplierView {
  readonly progress: Progress
  readonly suppliers: readonly SupplierRow[]
  readonly typed: TypedSupplier
  /** The answer to the test of the connection. */
  readonly account: OurAccount | undefined
  readonly faults: Faults
}

/** Who does the work: another panel, staff by hand, or nobody real. */
export function supplierPage(context: DeskContext, view: SupplierView): string {
  const { texts } = context.ui.frame
  return setupPage(context, {
    progress: view.progress,
    step: 'supplier',
    children: (
      <>
        <There context={context} suppliers={view.suppliers} />
        <section class="card">
          <h2>{texts.text('desk.setup.supplier.panel')}</h2>
          <Panel context={context} view={view} />
        </section>
        <OtherWay context={context} way="hand" />
        <OtherWay context={context} way="simulated" />
      </>
    ),
  })
}

/** Who does the work already. A child panel has the panel that made it, and nothing more to do here. */
function There({ context: { ui }, suppliers }: { context: DeskContext; suppliers: readonly SupplierRow[] }) {
  const { texts } = ui.frame
  const parent = suppliers.find(({ locked }) => locked)
  if (parent)
    return (
      <section class="card">
        <Notice mood="good">{texts.text('desk.setup.supplier.parent', { name: parent.name })}</Notice>
        <a class="button main" href={`/desk/setup/services?${new URLSearchParams({ supplier: parent.name }).toString()}`}>
          {texts.text('desk.setup.next')}
        </a>
      </section>
    )
  if (suppliers.length === 0) return null
  return <Notice mood="good">{texts.text('desk.setup.supplier.have', { names: suppliers.map(({ name }) => name).join(', ') })}</Notice>
}

function Panel({ context: { ui }, view: { typed, account, faults } }: { context: DeskContext; view: SupplierView }) {
  const { texts } = ui.frame
  const takesKey = account?.kind === 'taken'
  return (
    <Form ui={ui} action="/desk/setup/supplier">
      <FormFault faults={faults} />
      {account && <Tried texts={texts} account={account} />}
      <Field name="name" label={texts.text('desk.setup.supplier.name')} value={typed.name} required autocomplete="off" />
      <Field
        name="url"
        type="url"
        label={texts.text('desk.setup.supplier.url')}
        hint="https://panel.example/api/v2"
        value={typed.url}
        required
        dir="ltr"
      />
      <Field
        name="key"
        type="password"
        label={texts.text('desk.setup.supplier.key')}
        value={typed.key}
        required
        dir="ltr"
        autocomplete="off"
      />
      <Choice
        type="checkbox"
        name="private_network"
        id="private_network"
        checked={typed.privateNetwork}
        label={texts.text('desk.field.private_network')}
      />
      <div class="buttons">
        <Button type="submit" name="press" value="test" look={takesKey ? 'plain' : 'main'}>
          {texts.text('desk.setup.supplier.test')}
        </Button>
        {account && (
          <Button type="submit" name="press" value="save" look={takesKey ? 'main' : 'plain'}>
            {texts.text(takesKey ? 'desk.setup.supplier.save' : 'desk.setup.supplier.saveAnyway')}
          </Button>
        )}
      </div>
    </Form>
  )
}

function Tried({ texts, account }: { texts: DeskContext['ui']['frame']['texts']; account: OurAccount }) {
  switch (account.kind) {
    case 'taken':
      return (
        <Notice mood="good">
          {texts.text('desk.setup.supplier.taken', { balance: `${account.balance} ${account.currency ?? ''}`.trim() })}
        </Notice>
      )
    case 'key refused':
      return <Notice mood="bad">{texts.text('desk.setup.supplier.refused', { words: account.words })}</Notice>
    case 'no answer':
      return <Notice mood="bad">{texts.text('desk.setup.supplier.noAnswer', { words: account.words })}</Notice>
    default:
      return account satisfies never
  }
}

function OtherWay({ context: { ui }, way }: { context: DeskContext; way: 'hand' | 'simulated' }) {
  const { texts } = ui.frame
  return (
    <section class="card">
      <h2>{texts.text(`desk.setup.supplier.${way}`)}</h2>
      <p>{texts.text(`desk.setup.supplier.${way}.text`)}</p>
      <Form ui={ui} action="/desk/setup/supplier">
        <input type="hidden" name="way" value={way} />
        <Submit look="plain">{texts.text(`desk.setup.supplier.${way}.go`)}</Submit>
      </Form>
    </section>
  )
}
