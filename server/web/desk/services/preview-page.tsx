import type { Answer } from '../../../acts/run-act.ts'
import type { PriceEffects } from '../../../catalog/price-effects.ts'
import { readSheetRows, type SheetRow } from '../../../catalog/sheet.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Notice } from '../../ui/notice.tsx'
import { Form, Submit } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import { fieldLabel } from '../act-words.ts'
import { valueText } from '../changes.tsx'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { marginText } from './margin-text.ts'

interface PreviewProps {
  readonly answer: Pick<Answer, 'result' | 'before' | 'after'>
  readonly action: string
  /** What the form sends again when it is confirmed. */
  readonly hidden: Readonly<Record<string, string>>
  readonly back: string
}

interface Told {
  readonly effects?: PriceEffects
  readonly without_cost?: readonly number[]
}

type Values = Readonly<Record<string, unknown>>
const servicesIn = (told: object | null) => (told !== null && 'services' in told ? told.services : {}) as Readonly<Record<string, Values>>

const MOST_ROWS = 500

/** Shows what many services would be, and what new prices do, before anything is changed. */
export async function previewPage(context: DeskContext, { answer, action, hidden, back }: PreviewProps): Promise<string> {
  const { ui, db } = context
  const { texts } = ui.frame
  const { effects, without_cost: withoutCost = [] } = answer.result as Told
  const after = servicesIn(answer.after)
  const ids = Object.keys(after).map(Number)
  const rows = new Map((await readSheetRows(db, ids.slice(0, MOST_ROWS))).map((row) => [row.id, row]))
  const isBelow = effects?.below_cost.some(({ account }) => account === null) === true
  return deskPage(context, {
    title: texts.text('desk.services.preview', { count: ids.length }),
    lead: texts.text('desk.form.nothingYet'),
    children: (
      <>
        {ids.length === 0 && <Notice mood="plain">{texts.text('desk.services.preview.nothing')}</Notice>}
        <ChangedRows texts={texts} rows={rows} before={servicesIn(answer.before)} after={after} />
        {ids.length > MOST_ROWS && <p class="soft">{texts.text('desk.services.preview.more', { count: ids.length - MOST_ROWS })}</p>}
        {withoutCost.length > 0 && (
          <Notice mood="warn">{texts.text('desk.services.preview.withoutCost', { count: withoutCost.length })}</Notice>
        )}
        {effects && <Effects context={context} effects={effects} />}
        <Form ui={ui} action={action}>
          {Object.entries(hidden).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          {isBelow && (
            <label class="check">
              <input type="checkbox" name="below_cost" value="yes" required /> {texts.text('desk.services.preview.sellBelow')}
            </label>
          )}
          <div class="buttons">
            {ids.length > 0 && <Submit>{texts.text('desk.services.save', { count: ids.length })}</Submit>}
            <a class="button plain" href={back}>
              {texts.text('desk.form.back')}
            </a>
          </div>
        </Form>
      </>
    ),
  })
}

interface ChangedRowsProps {
  readonly texts: Texts
  readonly rows: ReadonlyMap<number, SheetRow>
  readonly before: Readonly<Record<string, Values>>
  readonly after: Readonly<Record<string, Values>>
}

function ChangedRows({ texts, rows, before, after }: ChangedRowsProps) {
  const lines = Object.entries(after)
    .slice(0, MOST_ROWS)
    .flatMap(([id, values]) => Object.entries(values).map(([column, value]) => ({ id, column, value, was: before[id]?.[column] })))
  if (lines.length === 0) return null
  const margin = (id: string, column: string, value: unknown) =>
    column === 'rate' ? marginText(texts.language.code, String(value), rows.get(Number(id))?.cost ?? null) : ''
  return (
    <div class="scroll" tabIndex={0}>
      <Table
        caption={texts.text('desk.changes')}
        headings={[
          texts.text('desk.services.service'),
          texts.text('desk.changes.what'),
          texts.text('desk.changes.before'),
          texts.text('desk.changes.after'),
          texts.text('desk.services.margin'),
        ]}
        rows={lines.map(({ id, column, value, was }) => [
          <span key="id">
            {id} <bdi class="soft">{rows.get(Number(id))?.name}</bdi>
          </span>,
          fieldLabel(texts, column),
          <bdi key="was">{valueText(texts, was)}</bdi>,
          <strong key="is">
            <bdi>{valueText(texts, value)}</bdi>
          </strong>,
          margin(id, column, value),
        ])}
        figures={[4]}
      />
    </div>
  )
}

/** What new prices do to customers, and where they fall below the cost. */
function Effects({ context, effects }: { readonly context: DeskContext; readonly effects: PriceEffects }) {
  const { texts } = context.ui.frame
  const seesAccounts = context.staff.may.has('accounts.read')
  return (
    <>
      {effects.below_cost.length > 0 && (
        <section>
          <h2>{texts.text('desk.services.below')}</h2>
          <div class="scroll" tabIndex={0}>
            <Table
              caption={texts.text('desk.services.below')}
              headings={(['service', 'whose', 'price', 'cost', 'supplier'] as const).map((name) =>
                texts.text(`desk.services.below.${name}`),
              )}
              rows={effects.below_cost.map((each) => [
                String(each.service),
                whose(texts, each, seesAccounts),
                <bdi key="price">{each.price}</bdi>,
                <bdi key="cost">{each.cost}</bdi>,
                <bdi key="supplier">{each.supplier}</bdi>,
              ])}
              figures={[2, 3]}
            />
          </div>
        </section>
      )}
      {effects.discounts.length > 0 && (
        <p>
          {texts.text('desk.services.discounts')}{' '}
          {effects.discounts
            .map(({ discount_percent: percent, accounts }) => texts.text('desk.services.discount', { percent, accounts }))
            .join(' · ')}
        </p>
      )}
      {effects.agreed.length > 0 && (
        <section>
          <h2>{texts.text('desk.services.unreached')}</h2>
          <p class="soft">{texts.text('desk.services.unreached.lead')}</p>
          <div class="scroll" tabIndex={0}>
            <Table
              caption={texts.text('desk.services.unreached')}
              headings={(['service', 'whose', 'price'] as const).map((name) => texts.text(`desk.services.below.${name}`))}
              rows={effects.agreed.map(({ service, account, email, rate }) => [
                String(service),
                <bdi key="whose">{seesAccounts ? email : String(account)}</bdi>,
                <bdi key="rate">{rate}</bdi>,
              ])}
              figures={[2]}
            />
          </div>
          {effects.more_agreed && <p class="soft">{texts.text('desk.services.unreached.more')}</p>}
        </section>
      )}
    </>
  )
}

function whose(texts: Texts, { account, email, source }: PriceEffects['below_cost'][number], seesAccounts: boolean) {
  if (account === null) return texts.text('desk.services.everybody')
  const name = seesAccounts ? email : String(account)
  return (
    <>
      <bdi>{name}</bdi> ({source === 'custom' ? texts.text('desk.services.agreed') : `−${source}`})
    </>
  )
}
