import type { KindAtOnce } from '../../../support/kinds.ts'
import type { Outcome } from '../../../support/outcome.ts'
import { Empty } from '../../ui/notice.tsx'
import { Status } from '../../ui/order-status.tsx'
import { address } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { doneText, kindText, notDoneText } from '../../ui/ticket-words.tsx'
import { appPage } from '../app-frame.tsx'
import { About } from '../orders/orders.tsx'
import type { OrderOfTicket } from './named-orders.ts'

/** What came of each order, and the way to a ticket about those that could not be helped at once. */
export function outcomePage(ui: PageUi, kind: KindAtOnce, rows: readonly (OrderOfTicket & Pick<Outcome, 'answer'>)[]): string {
  const { texts } = ui.frame
  const refused = rows.filter(({ answer }) => answer !== true)
  return appPage({
    ui,
    title: kindText(texts, kind),
    children: (
      <>
        <ul class="rows outcomes">
          {rows.map(({ order, name, answer }) => (
            <li key={order.id}>
              <About
                heading={
                  <>
                    <a href={`/orders/${order.id}`}>{texts.text('app.orderNumber', { id: order.id.toString() })}</a>{' '}
                    <Status texts={texts} status={order.status} />
                  </>
                }
                name={name}
                link={order.link}
              />
              <p class={`outcome ${answer === true ? 'good' : 'warn'}`}>
                {answer === true ? doneText(texts, kind) : notDoneText(texts, answer.why)}
                {answer !== true && answer.from !== null && (
                  <>
                    {' '}
                    <Moment texts={texts} at={answer.from} />
                  </>
                )}
              </p>
            </li>
          ))}
        </ul>
        {rows.length === 0 && <Empty title={texts.text('app.nothingFound.title')} text={texts.text('orders.nothingChosen')} />}
        <p class="ways">
          {refused.length > 0 && (
            <a
              class="button main"
              href={address('/support/new', { kind: 'other', orders: refused.map(({ order }) => order.id).join(',') })}
            >
              {texts.text('tickets.aboutThese')}
            </a>
          )}
          <a class="button plain" href="/support">
            {texts.text('app.support')}
          </a>
        </p>
      </>
    ),
  })
}
