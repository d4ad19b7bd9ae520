import { Badge, type Tone } from '../../server/web/ui/badge.tsx'
import { BarChart } from '../../server/web/ui/bar-chart.tsx'
import { Card, Skeleton } from '../../server/web/ui/card.tsx'
import { Choice, Choices } from '../../server/web/ui/choice.tsx'
import { CopyPanel } from '../../server/web/ui/copy-panel.tsx'
import { type Frame, type Page, renderDocument } from '../../server/web/ui/document.tsx'
import { Button, Field } from '../../server/web/ui/form.tsx'
import { FileField, LinesArea } from '../../server/web/ui/labelled.tsx'
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
      <main id="content" class="app">
        <h1>Components</h1>
        <p>
          <Prose text="Words with `code` and a " /> <a href="/">link</a>, and a key: <kbd>Ctrl K</kbd>
        </p>
        <Buttons />
        <Notices />
        <Summaries />
        <Fields />
        <Choosing />
        <Figures frame={frame} />
        <Lists />
        <Empty title="No orders yet" text="What you order stands here.">
          <a class="button main" href="/">
            New order
          </a>
        </Empty>
      </main>
    </Layout>,
  )
}

function Choosing() {
  return (
    <section>
      <h2>Choices</h2>
      <Choices legend="Kind" id="kind" fault="Please choose one.">
        <Choice type="radio" name="kind" value="live" id="kind-live" checked label="Live" hint="Paid from the balance." />
        <Choice type="radio" name="kind" value="test" id="kind-test" checked={false} label="Test" />
      </Choices>
    </section>
  )
}

function Figures({ frame: { texts } }: { readonly frame: Frame }) {
  return (
    <section>
      <h2>A key, and a chart</h2>
      <CopyPanel texts={texts} title="Key">
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
        direction={texts.language.direction ?? 'ltr'}
      />
    </section>
  )
}

function Buttons() {
  return (
    <section>
      <h2>Buttons</h2>
      <p class="row">
        <Button look="main">Main</Button>
        <Button>Plain</Button>
        <Button look="bad">Bad</Button>
        <Button look="small">Small</Button>
        <Button disabled>Not now</Button>
        <Button look="main" disabled>
          Main, not now
        </Button>
      </p>
    </section>
  )
}

const tones: readonly Tone[] = ['busy', 'good', 'warn', 'bad', 'idle']

function Notices() {
  return (
    <section>
      <h2>Notices and badges</h2>
      {(['plain', 'good', 'warn', 'bad'] as const).map((mood) => (
        <Notice key={mood} mood={mood}>
          A sentence of the mood “{mood}”, with a <a href="/">way on</a>.
        </Notice>
      ))}
      <p class="row">
        {tones.map((tone) => (
          <Badge key={tone} tone={tone}>
            {tone}
          </Badge>
        ))}
        <span class="badge">Refill</span>
      </p>
    </section>
  )
}

function Summaries() {
  return (
    <section>
      <h2>Summaries</h2>
      <div class="cards">
        <Card title="Open orders" figure="1,204" href="/" />
        <Card title="Spent today" figure="$1,281.40">
          <p class="soft small">12 % more than yesterday</p>
        </Card>
        <Card title="On its way" figure="…">
          <Skeleton lines={2} />
        </Card>
      </div>
      <label for="delivered">Delivered</label>
      <progress id="delivered" max={1000} value={640} />
    </section>
  )
}

function Fields() {
  return (
    <section>
      <h2>Fields</h2>
      <form class="form">
        <Field name="email" type="email" label="E-mail" hint="Nobody else sees it." autocomplete="email" required />
        <Field name="quantity" label="Quantity" value="-5" inputMode="numeric" fault="It must be a whole number above zero." />
        <Field name="from" type="date" label="Placed from" value="2026-03-01" />
        <div class="field">
          <label for="country">Country</label>
          <select id="country">
            <option>Slovenia</option>
            <option>Hong Kong</option>
          </select>
        </div>
        <LinesArea id="lines" name="lines" label="Comments, one a line" hint="One a line." fault="There are none." rows={3} value="" />
        <div class="field">
          <label for="closed">Not yours to change</label>
          <input id="closed" value="USD" disabled />
        </div>
        <FileField id="list" name="list" label="A list of orders" accept="text/csv" fault="It is no text." />
        <label class="switch">
          <input type="checkbox" checked />
          <span>
            Tell me by mail<small>Once a day at most.</small>
          </span>
        </label>
        <fieldset class="stack">
          <legend>How often</legend>
          {['Every hour', 'Every day'].map((text, at) => (
            <label key={text} class="switch">
              <input type="radio" name="often" checked={at === 0} />
              {text}
            </label>
          ))}
        </fieldset>
        <details open>
          <summary>More fields</summary>
          <p class="soft">What few need is folded.</p>
        </details>
      </form>
    </section>
  )
}

function Lists() {
  return (
    <section>
      <h2>Lists</h2>
      <Table
        caption="Orders"
        headings={['Order', 'Status', 'Charge']}
        figures={[2]}
        rows={[
          ['23501', <Badge key={1} tone="good">Completed</Badge>, '0.90'],
          ['23502', <Badge key={2} tone="busy">In progress</Badge>, '1,208.00'],
        ]}
      />
      <ul class="rows">
        <li>
          <div class="what">
            <h3>
              <a href="/">Order 23501</a> <Badge tone="good">Completed</Badge>
            </h3>
            <p class="soft small">https://example.com/p/1</p>
          </div>
          <p class="price">
            <span class="figure">$0.90</span>
          </p>
        </li>
        <li>
          <div class="what">
            <h3>
              <a href="/">Order 23502</a>
            </h3>
          </div>
          <p class="price">
            <span class="figure">$1,208.00</span>
          </p>
        </li>
      </ul>
    </section>
  ) // prettier-ignore
}
