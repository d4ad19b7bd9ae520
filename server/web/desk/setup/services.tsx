import type { SupplierRow } from '../../../suppliers/registry.ts'
import { Choice, Choices } from '../../ui/choice.tsx'
import { Button, Field } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Form, FormFault, Submit } from '../../ui/parts.tsx'
import type { Faults } from '../../ui/page-ui.ts'
import { Table } from '../../ui/table.tsx'
import type { DeskContext } from '../desk.ts'
import type { Progress } from './progress.ts'
import { onceKey, type Preview } from './services-step.ts'
import { setupPage } from './setup-page.tsx'

interface ServicesView {
  readonly progress: Progress
  /** How many services are on sale, up to 10,001. */
  readonly onSale: number
  readonly suppliers: readonly SupplierRow[]
  readonly supplier: SupplierRow
  readonly margin: string
  readonly preview: Preview | undefined
  readonly faults: Faults
}

/** What is sold: the list of a supplier with a margin, or services of one's own. */
export function servicesPage(context: DeskContext, view: ServicesView): string {
  const { texts } = context.ui.frame
  const { supplier } = view
  return setupPage(context, {
    progress: view.progress,
    step: 'services',
    children: (
      <>
        {view.onSale > 0 && <Notice mood="good">{texts.text('desk.setup.services.have', { count: view.onSale })}</Notice>}
        <FormFault faults={view.faults} />
        <OtherSuppliers context={context} view={view} />
        {supplier.protocol === 'api-v2' && <Import context={context} view={view} />}
        {supplier.protocol === 'simulated' && <Samples context={context} />}
        {supplier.protocol === 'manual' && <OwnService context={context} supplier={supplier} />}
      </>
    ),
  })
}

function OtherSuppliers({ context: { ui }, view: { suppliers, supplier } }: { context: DeskContext; view: ServicesView }) {
  const others = suppliers.filter((each) => each !== supplier)
  const { texts } = ui.frame
  return (
    <p class="soft">
      {texts.text('desk.setup.services.from', { name: supplier.name })}
      {others.map(({ id, name }) => (
        <>
          {' '}
          <a key={id} href={`?${new URLSearchParams({ supplier: name }).toString()}`}>
            {texts.text('desk.setup.services.other', { name })}
          </a>
        </>
      ))}
    </p>
  )
}

function Import({ context, view: { supplier, margin, preview } }: { context: DeskContext; view: ServicesView }) {
  const { texts } = context.ui.frame
  return (
    <>
      <form method="get" action="/desk/setup/services" class="form card">
        <input type="hidden" name="supplier" value={supplier.name} />
        <Field
          name="margin"
          label={texts.text('desk.setup.services.margin')}
          hint={texts.text('desk.setup.services.marginHint')}
          value={margin}
          dir="ltr"
        />
        {preview && preview.categories.length > 1 && (
          <Choices legend={texts.text('desk.setup.services.categories')} id="categories">
            <div class="setting-languages">
              {preview.categories.map(({ name, services, chosen }, at) => (
                <Choice
                  key={name}
                  type="checkbox"
                  name="category"
                  value={name}
                  id={`category-${at}`}
                  checked={chosen}
                  label={`${name} (${texts.number(services)})`}
                />
              ))}
            </div>
          </Choices>
        )}
        <Submit look="plain">{texts.text('desk.setup.services.look')}</Submit>
      </form>
      {preview && <Coming context={context} supplier={supplier} margin={margin} preview={preview} />}
    </>
  )
}

/** More rows nobody reads. */
const MOST_SHOWN = 200

function Coming({ context, supplier, margin, preview }: { context: DeskContext; supplier: SupplierRow; margin: string; preview: Preview }) {
  const { ui } = context
  const { texts } = ui.frame
  const { coming, known, skipped, categories } = preview
  const chosen = categories.filter((category) => category.chosen).map(({ name }) => name)
  return (
    <section class="card">
      <h2>{texts.text('desk.setup.services.coming', { count: coming.length })}</h2>
      <p class="soft">{texts.text('desk.setup.services.rest', { known, skipped })}</p>
      {coming.length > 0 && (
        <>
          <Form ui={ui} action="/desk/setup/services/import">
            <input type="hidden" name="supplier" value={supplier.name} />
            <input type="hidden" name="margin" value={margin} />
            <input type="hidden" name="categories" value={chosen.join('\n')} />
            <input type="hidden" name="form:once" value={onceKey()} />
            <Submit>{texts.text('desk.setup.services.import', { count: coming.length })}</Submit>
          </Form>
          <div class="scroll">
            <Table
              caption={texts.text('desk.setup.services.coming', { count: coming.length })}
              headings={['name', 'category', 'cost', 'rate'].map((heading) =>
                texts.text(`desk.setup.services.column.${heading as 'name'}`),
              )}
              figures={[2, 3]}
              rows={coming
                .slice(0, MOST_SHOWN)
                .map((each) => [
                  <bdi>{each.name}</bdi>,
                  <bdi>{each.category}</bdi>,
                  <bdi dir="ltr">{each.cost}</bdi>,
                  <bdi dir="ltr">{each.rate}</bdi>,
                ])}
            />
          </div>
          {coming.length > MOST_SHOWN && (
            <p class="soft">{texts.text('desk.setup.services.more', { count: coming.length - MOST_SHOWN })}</p>
          )}
        </>
      )}
    </section>
  )
}

function Samples({ context: { ui } }: { context: DeskContext }) {
  const { texts } = ui.frame
  return (
    <section class="card">
      <p>{texts.text('desk.setup.services.samples.text')}</p>
      <Form ui={ui} action="/desk/setup/services/samples">
        <Submit>{texts.text('desk.setup.services.samples.go')}</Submit>
      </Form>
    </section>
  )
}

function OwnService({ context: { ui }, supplier }: { context: DeskContext; supplier: SupplierRow }) {
  const { texts } = ui.frame
  return (
    <Form ui={ui} action="/desk/setup/services/own" class="form card">
      <input type="hidden" name="supplier" value={supplier.name} />
      <Field name="name" label={texts.text('desk.field.name')} required />
      <Field name="category" label={texts.text('desk.field.category')} />
      <Field name="rate" label={texts.text('desk.field.rate')} inputMode="decimal" required dir="ltr" />
      <Field name="min" label={texts.text('desk.field.min')} inputMode="numeric" value="1" required dir="ltr" />
      <Field name="max" label={texts.text('desk.field.max')} inputMode="numeric" value="10000" required dir="ltr" />
      <Button type="submit" look="main">
        {texts.text('desk.setup.services.own.go')}
      </Button>
    </Form>
  )
}
