import type { MassOrder } from '../../../orders/mass-orders.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Notice } from '../../ui/notice.tsx'
import { Form, Submit } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'

/** The progress of placing. The island continues it; without script, or after a lost connection, the button does. */
export function Progress({ ui, massOrder, isLeft }: { readonly ui: PageUi; readonly massOrder: MassOrder; readonly isLeft: boolean }) {
  const { texts } = ui.frame
  const { id, lines, placed, refused } = massOrder
  const path = `/mass-order/${id}/go-on`
  return (
    <section class="progress" aria-label={texts.text('mass.phase.placing')} data-go-on={isLeft ? undefined : path} data-csrf={ui.csrf}>
      {isLeft && <Notice mood="warn">{texts.text('mass.leftOff', { count: lines - placed - refused })}</Notice>}
      <progress max={lines} value={placed + refused} aria-labelledby="progress-text" />
      <p id="progress-text" role="status">
        {progressText(texts, massOrder)}
      </p>
      {!isLeft && <p class="soft small">{texts.text('mass.goesOn')}</p>}
      <p class="fault" role="alert" data-lost={texts.text('mass.lost')} />
      <Form ui={ui} action={path} class="placing">
        <Submit look={isLeft ? 'main' : 'plain'}>{texts.text('mass.goOn')}</Submit>
      </Form>
    </section>
  )
}

export function progressText(texts: Texts, { lines, placed, refused }: MassOrder): string {
  const count = (number: number) => texts.number(number)
  return texts.text('mass.progress', { done: count(placed + refused), lines: count(lines), placed: count(placed), refused: count(refused) })
}
