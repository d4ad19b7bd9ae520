import type { SheetRow } from '../../../catalog/sheet.ts'
import type { Texts } from '../../../texts/texts.ts'
import type { DeskContext } from '../desk.ts'
import type { SheetColumn } from './cells.ts'
import { marginOf, marginText } from './margin-text.ts'
import { states } from './asked.ts'

interface SheetTableProps {
  readonly context: DeskContext
  readonly rows: readonly SheetRow[]
  readonly currency: string
}

const COLUMNS = 11
type Heading = 'number' | SheetColumn | 'cost' | 'margin' | 'supplier'

/** The rows of the sheet in sections by category. The cells that may be edited name their column; the page's script does the rest. */
export function SheetTable({ context, rows, currency }: SheetTableProps) {
  const { texts } = context.ui.frame
  const { may } = context.staff
  const editable = new Set<SheetColumn>(may.has('services.manage') ? ['name', 'category', 'min', 'max', 'state'] : [])
  if (may.has('services.manage') && may.has('services.price')) editable.add('rate')
  const stateNames = Object.fromEntries(states.map((state) => [state, texts.text(`desk.services.state.${state}`)]))
  const heading = (name: Heading, class_ = '') => (
    <th scope="col" class={class_ || undefined}>
      {texts.text(`desk.services.${name}`, { currency })}
    </th>
  )
  return (
    <div class="scroll sheet-scroll">
      <table class="sheet" id="sheet" data-states={JSON.stringify(stateNames)} data-language={texts.language.code}>
        <caption class="visually-hidden">{texts.text('desk.services.sheet')}</caption>
        <thead>
          <tr>
            {heading('number')}
            {heading('name')}
            {heading('category')}
            {heading('rate', 'figures')}
            {heading('cost', 'figures')}
            {heading('margin', 'figures')}
            {heading('min', 'figures')}
            {heading('max', 'figures')}
            {heading('state')}
            {heading('supplier')}
            <th scope="col">
              <span class="visually-hidden">{texts.text('desk.services.edit')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <>
              {row.category !== rows[at - 1]?.category && <Section texts={texts} category={row.category} />}
              <Row texts={texts} row={row} editable={editable} stateNames={stateNames} />
            </>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Section({ texts, category }: { readonly texts: Texts; readonly category: string }) {
  return (
    <tr class="section">
      <th scope="rowgroup" colSpan={COLUMNS}>
        <bdi>{category === '' ? texts.text('desk.services.noCategory') : category}</bdi>
      </th>
    </tr>
  )
}

interface RowProps {
  readonly texts: Texts
  readonly row: SheetRow
  readonly editable: ReadonlySet<SheetColumn>
  readonly stateNames: Readonly<Record<string, string>>
}

function Row({ texts, row, editable, stateNames }: RowProps) {
  const { id, cost, rate } = row
  const margin = marginOf(rate, cost)
  const column = (name: SheetColumn) => (editable.has(name) ? { 'data-column': name } : {})
  return (
    <tr data-service={id} data-cost={cost ?? undefined} class={row.state === 'on sale' ? undefined : 'off-sale'}>
      <th scope="row">
        <a href={`/desk/services/${id}`}>{id}</a>
      </th>
      <td {...column('name')} dir="auto" class="clipped">
        {row.name}
      </td>
      <td {...column('category')} dir="auto" class="clipped">
        {row.category}
      </td>
      <td {...column('rate')} class="figures">
        {rate}
      </td>
      <td class="figures soft">{cost ?? '–'}</td>
      <td class={`figures margin${margin !== null && margin < 0 ? ' below' : ''}`}>{marginText(texts.language.code, rate, cost)}</td>
      <td {...column('min')} class="figures">
        {String(row.min)}
      </td>
      <td {...column('max')} class="figures">
        {String(row.max)}
      </td>
      <td {...column('state')} data-value={editable.has('state') ? row.state : undefined}>
        {stateNames[row.state]}
      </td>
      <td class="clipped soft">
        <bdi>{row.supplier ?? '–'}</bdi>
        {row.suppliers > 1 && ` +${row.suppliers - 1}`}
      </td>
      <td>{editable.size > 0 && <a href={`/desk/services/${id}/edit`}>{texts.text('desk.services.edit')}</a>}</td>
    </tr>
  )
}
