import { serviceUndo, undoing } from '../../../acts/service-undo.ts'
import { listCategories } from '../../../catalog/categories.ts'
import { readSheet, type SheetRow } from '../../../catalog/sheet.ts'
import { catalogueCurrency } from '../../../catalog/sync-lists.ts'
import { readSuppliers } from '../../../suppliers/registry.ts'
import { Empty } from '../../ui/notice.tsx'
import { Form, Submit } from '../../ui/parts.tsx'
import { PageLinks } from '../../ui/page-links.tsx'
import { ActLink } from '../act-link.tsx'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { type Asked, askedAddress, isFiltered, readAsked } from './asked.ts'
import { SheetFilters } from './sheet-filters.tsx'
import { SheetTable } from './sheet-table.tsx'

const PAGE = 200

/** The services as a sheet, a page at a time: filters in the address, edited in place where there is script. */
export async function sheetPage(context: DeskContext): Promise<string> {
  const { db, staff, query, told, ui } = context
  const { texts } = ui.frame
  const asked = readAsked(query)
  const [{ rows, isFirst, isLast }, categories, suppliers, currency] = await Promise.all([
    readPage(context, asked),
    listCategories(db),
    readSuppliers(db),
    catalogueCurrency(db),
  ])
  const here = askedAddress(asked.filter, { ...(asked.after && { after: asked.after }), ...(asked.before && { before: asked.before }) })
  const maySet = staff.may.has('services.manage')
  const mayUndo = told !== undefined && undoing(told) !== undefined
  return deskPage(context, {
    title: texts.text('desk.place.services'),
    script: maySet ? 'desk-services' : 'site',
    actions: (
      <>
        {mayUndo && <ActLink context={context} act={serviceUndo} with={{ line: String(told.line) }} back={here} />}
        {staff.may.has('services.price') && (
          <a
            class="button plain"
            href={`/desk/services/reprice${asked.filter.category === null ? '' : `?${new URLSearchParams({ category: asked.filter.category })}`}`}
          >
            {texts.text('desk.services.reprice')}
          </a>
        )}
        {staff.may.has('log.read') && (
          <a class="button plain" href="/desk/services/history">
            {texts.text('desk.services.history')}
          </a>
        )}
      </>
    ),
    children: (
      <>
        <SheetFilters texts={texts} filter={asked.filter} categories={categories.map(({ category }) => category)} suppliers={suppliers} />
        {rows.length === 0 ? (
          <Empty
            title={texts.text(isFiltered(asked.filter) ? 'desk.services.none' : 'desk.services.empty')}
            text={texts.text(isFiltered(asked.filter) ? 'desk.services.none.lead' : 'desk.services.empty.lead')}
          />
        ) : (
          <SheetTable context={context} rows={rows} currency={currency} />
        )}
        <PageLinks links={pageLinks(context, asked, rows, { isFirst, isLast })} />
        {maySet && <Changed context={context} back={here} />}
      </>
    ),
  })
}

async function readPage({ db }: DeskContext, { filter, after, before }: Asked) {
  const backwards = before !== null
  const found = await readSheet(db, filter, { from: before ?? after, backwards, most: PAGE + 1 })
  const more = found.length > PAGE
  // The row too many stands at the end in the direction of reading.
  const rows = backwards ? found.slice(more ? 1 : 0) : found.slice(0, PAGE)
  return { rows, isFirst: backwards ? !more : after === null, isLast: backwards ? false : !more }
}

function pageLinks(
  { ui }: DeskContext,
  { filter }: Asked,
  rows: readonly SheetRow[],
  { isFirst, isLast }: { isFirst: boolean; isLast: boolean },
) {
  const { texts } = ui.frame
  const [first, last] = [rows[0], rows.at(-1)]
  return [
    { href: isFirst || !first ? null : askedAddress(filter, { before: first }), text: texts.text('desk.services.previous') },
    { href: isLast || !last ? null : askedAddress(filter, { after: last }), text: texts.text('desk.services.next') },
  ]
}

/** What has been edited and not been saved: drawn by the page's script. */
function Changed({ context, back }: { readonly context: DeskContext; readonly back: string }) {
  const { ui } = context
  const { texts } = ui.frame
  const messages = {
    ...texts.pluralForms('desk.services.changes'),
    wrong: texts.text('desk.services.wrongCells'),
    tooMany: texts.text('desk.services.tooManyCells'),
  }
  return (
    <Form ui={ui} action="/desk/services/preview" class="sheet-changes" id="sheet-changes" messages={messages}>
      <input type="hidden" name="cells" value="" />
      <input type="hidden" name="back" value={back} />
      <output aria-live="polite" />
      <Submit>{texts.text('desk.services.previewAndSave')}</Submit>
      <button type="button" class="button plain" data-drop>
        {texts.text('desk.services.drop')}
      </button>
    </Form>
  )
}
