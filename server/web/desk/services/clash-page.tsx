import { readServiceLines } from '../../../staff/log.ts'
import { Notice } from '../../ui/notice.tsx'
import { Form } from '../../ui/parts.tsx'
import { fieldLabel } from '../act-words.ts'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { PreviewButtons } from '../preview-buttons.tsx'
import { type Cell, type ClashingCell, writeCells } from './cells.ts'

/** Shows both values of each cell that somebody else has changed meanwhile, and asks which shall stand. */
export async function clashPage(
  context: DeskContext,
  cells: readonly Cell[],
  clashes: readonly ClashingCell[],
  back: string,
): Promise<string> {
  const { ui, db, staff } = context
  const { texts } = ui.frame
  const whoOf = async (service: number) => (staff.may.has('log.read') ? (await readServiceLines(db, service, null, 1))[0]?.who : undefined)
  const services = [...new Set(clashes.map(({ service }) => service))].slice(0, MOST_NAMED)
  const names = new Map(await Promise.all(services.map(async (service) => [service, await whoOf(service)] as const)))
  return deskPage(context, {
    title: texts.text('desk.services.clash'),
    children: (
      <>
        <Notice mood="bad">{texts.text('desk.services.clash.lead', { count: clashes.length })}</Notice>
        <Form ui={ui} action="/desk/services/decide">
          <input type="hidden" name="cells" value={writeCells(cells)} />
          <input type="hidden" name="back" value={back} />
          {clashes.map((cell) => (
            <fieldset key={`${cell.service} ${cell.column}`} class="clash">
              <legend>
                {texts.text('desk.services.clash.cell', { service: String(cell.service), column: fieldLabel(texts, cell.column) })}
              </legend>
              <p class="soft">
                {texts.text('desk.services.clash.seen')} <bdi>{cell.seen}</bdi>
              </p>
              <label>
                <input type="radio" name={`take:${cell.service}:${cell.column}`} value="theirs" checked />{' '}
                {texts.text('desk.services.clash.theirs')}{' '}
                <strong>
                  <bdi>{cell.is}</bdi>
                </strong>{' '}
                {names.get(cell.service) !== undefined && <bdi class="soft">{names.get(cell.service)}</bdi>}
              </label>
              <label>
                <input type="radio" name={`take:${cell.service}:${cell.column}`} value="mine" /> {texts.text('desk.services.clash.mine')}{' '}
                <strong>
                  <bdi>{cell.wanted}</bdi>
                </strong>
              </label>
            </fieldset>
          ))}
          <PreviewButtons texts={texts} back={back} />
        </Form>
      </>
    ),
  })
}

const MOST_NAMED = 20

/** The cells that were refused, to be seen beside the reason. */
export function refusedCellsPage(context: DeskContext, cells: readonly Cell[], back: string, why: string): string {
  const { texts } = context.ui.frame
  return deskPage(context, {
    title: texts.text('desk.services.refused'),
    children: (
      <>
        <Notice mood="bad">
          <span class="lines">{why}</span>
        </Notice>
        <ul>
          {cells.map((cell) => (
            <li key={`${cell.service} ${cell.column}`}>
              {texts.text('desk.services.clash.cell', { service: String(cell.service), column: fieldLabel(texts, cell.column) })}:{' '}
              <bdi>{cell.wanted}</bdi>
            </li>
          ))}
        </ul>
        <a class="button main" href={back}>
          {texts.text('desk.form.back')}
        </a>
      </>
    ),
  })
}
