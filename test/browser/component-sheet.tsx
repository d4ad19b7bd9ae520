import { BarChart } from '../../server/web/ui/bar-chart.tsx'
import { Choice, Choices } from '../../server/web/ui/choice.tsx'
import { CopyPanel } from '../../server/web/ui/copy-panel.tsx'
import { type Frame, type Page, renderDocument } from '../../server/web/ui/document.tsx'
import { Button, Field } from '../../server/web/ui/form.tsx'
import { Layout } from '../../server/web/ui/layout.tsx'
import { Empty, Notice } from '../../server/web/ui/notice.tsx'
import { Prose } from '../../server/web/ui/prose.tsx'
import { Table } from '../../server/web/ui/table.tsx'

/** Every component in every state, on one page: what pages are built from is looked at and tested here. */
export function componentSheet(frame: Frame): string {
  const page: Page = { title: 'Components', script: 'site' }
  return renderDocument(
    frame,
    page,
    <Layout frame={frame} page={page} navigation={<a href="/">Orders</a>} footer={<p>Foot</p>}>
      <main id="content" class="narrow stack">
        <h1>Components</h1>
        <p>
          <Prose text="Words with `code` and a " /> <a href="/">link</a>.
        </p>
        <h2>Buttons</h2>
        <p class="row">
          <Button look="main">Main</Button>
          <Button>Plain</Button>
          <Button look="bad">Bad</Button>
          <Button look="small">Small</Button>
          <Button disabled>Not now</Button>
        </p>
        <h2>Notices</h2>
        {(['plain', 'good', 'warn', 'bad'] as const).map((mood) => (
          <Notice key={mood} mood={mood}>
            A sentence of the mood “{mood}”.
          </Notice>
        ))}
        <h2>Fields</h2>
        <form class="stack">
          <Field name="email" type="email" label="E-mail" hint="Nobody else sees it." autocomplete="email" required />
          <Field name="quantity" label="Quantity" value="-5" inputMode="numeric" fault="It must be a whole number above zero." />
        </form>
        <Choices legend="Kind" id="kind" fault="Please choose one.">
          <Choice type="radio" name="kind" value="live" id="kind-live" checked label="Live" hint="Paid from the balance." />
          <Choice type="radio" name="kind" value="test" id="kind-test" checked={false} label="Test" />
        </Choices>
        <CopyPanel texts={frame.texts} title="Key">
          <code>dk_test_example</code>
        </CopyPanel>
        <BarChart
          id="chart"
          title="Calls a day"
          top={{ value: 10, text: '10' }}
          bars={[
            { text: '1 March: 4 answered, 1 refused', parts: [4, 1] },
            { text: '2 March: nothing', parts: [0, 0] },
            { text: '3 March: 9 answered, 0 refused', parts: [9, 0] },
          ]}
          below={['1 March', '2 March', '3 March']}
          legend={['Answered', 'Refused']}
          direction={frame.texts.language.direction ?? 'ltr'}
        />
        <h2>Table</h2>
        <Table
          caption="Orders"
          headings={['Order', 'Status', 'Charge']}
          rows={[
            ['23501', 'Completed', '0.90'],
            ['23502', 'In progress', '8.00'],
          ]}
        />
        <Empty title="No orders yet" text="What you order stands here.">
          <a class="button main" href="/">
            New order
          </a>
        </Empty>
      </main>
    </Layout>,
  )
}
