import type { ChildSeen } from '../../../children/children.ts'
import type { Sold } from '../../../children/sell.ts'
import { moneyText } from '../../../texts/money.ts'
import { CopyPanel } from '../../ui/copy-panel.tsx'
import { Field } from '../../ui/form.tsx'
import { Empty, Notice } from '../../ui/notice.tsx'
import type { Faults, PageUi } from '../../ui/page-ui.ts'
import { PanelState } from '../../ui/panel-state.tsx'
import { Form, FormFault, Moment, Submit } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import { appPage } from '../app-frame.tsx'

interface PanelsView {
  readonly rows: readonly ChildSeen[]
  /** Per month; null: none is sold to this customer. */
  readonly rent: bigint | null
  readonly currency: string
  readonly faults: Faults
  readonly typed: string
}

/** The panels of a customer, and the form to buy one. */
export function panelsPage(ui: PageUi, { rows, rent, currency, faults, typed }: PanelsView): string {
  const { texts } = ui.frame
  return appPage({
    ui,
    title: texts.text('app.panels'),
    children: (
      <>
        <p class="soft">{texts.text('panels.lead')}</p>
        {rows.length === 0 ? (
          <Empty title={texts.text('panels.none')} text={texts.text(rent === null ? 'panels.off' : 'panels.none.text')} />
        ) : (
          <div class="scroll">
            <Table
              caption={texts.text('app.panels')}
              headings={(['panel', 'state', 'rent', 'due'] as const).map((name) => texts.text(`panels.${name}`))}
              figures={[2]}
              rows={rows.map((child) => [
                <a key="panel" href={child.url} rel="noreferrer">
                  <bdi dir="ltr">{child.host}</bdi>
                </a>,
                <PanelState key="state" texts={texts} child={child} />,
                <bdi key="rent">{moneyText(texts, child.rent, child.currency)}</bdi>,
                child.rent === 0n ? '–' : <Moment key="due" texts={texts} at={child.rentDueAt} />,
              ])}
            />
          </div>
        )}
        {rent !== null && (
          <section>
            <h2>{texts.text('panels.buy')}</h2>
            <p>{texts.text('panels.price', { rent: moneyText(texts, rent, currency) })}</p>
            <Form ui={ui} action="/panels">
              <FormFault faults={faults} />
              <Field
                name="url" type="url" label={texts.text('panels.address')} hint={texts.text('panels.address.hint')} dir="ltr" inputMode="url" required
                autocomplete="off" value={typed} fault={faults['url']}
              />
              <Field name="name" label={texts.text('panels.name')} hint={texts.text('panels.name.hint')} autocomplete="off" />
              <Submit>{texts.text('panels.buy')}</Submit>
            </Form>
          </section>
        )}
      </>
    ),
  }) // prettier-ignore
}

/** Tells the set-up link of a panel that was bought, once. */
export function soldPanelPage(ui: PageUi, { host, link, linkEndsAt }: Sold): string {
  const { texts } = ui.frame
  return appPage({
    ui,
    title: texts.text('panels.sold.title'),
    script: 'programs',
    children: (
      <section class="shown-once">
        <Notice mood="warn">{texts.text('panels.sold.warn')}</Notice>
        <CopyPanel texts={texts} title={host}>
          <code dir="ltr">{link}</code>
        </CopyPanel>
        <p class="soft">
          {texts.text('panels.sold.until')} <Moment texts={texts} at={linkEndsAt} />
        </p>
        <p>
          <a class="button main" href="/panels">
            {texts.text('panels.sold.kept')}
          </a>
        </p>
      </section>
    ),
  })
}
