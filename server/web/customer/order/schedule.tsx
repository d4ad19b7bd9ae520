import type { PricedOrder } from '../../../orders/priced-order.ts'
import type { Texts } from '../../../texts/texts.ts'
import { countText, durationText } from '../../ui/figures.tsx'
import { Moment } from '../../ui/parts.tsx'

interface ScheduleProps {
  readonly texts: Texts
  /** The drip-feed. */
  readonly order: Pick<PricedOrder, 'quantity' | 'parameters'>
  /** The time of placing: the first run starts then, and the others follow at the interval. */
  readonly now: Date
}

const ALL_SHOWN = 6
const FIRST_SHOWN = 3

/** The start of each run and the quantity delivered by then. Of many runs, only the first and the last are shown. */
export function Schedule({ texts, order, now }: ScheduleProps) {
  const runs = Number(order.parameters!['runs'])
  const interval = Number(order.parameters!['interval'])
  const each = order.quantity / BigInt(runs)
  const hidden = runs <= ALL_SHOWN ? 0 : runs - FIRST_SHOWN - 1
  const shown = Array.from({ length: runs - hidden }, (_, at) => (at < FIRST_SHOWN || hidden === 0 ? at + 1 : runs))
  const lastAfter = (runs - 1) * interval
  return (
    <section class="schedule">
      <h3>{texts.text('order.schedule')}</h3>
      <table>
        <caption class="soft small">
          <bdi class="figure" dir="ltr">
            {`${texts.number(runs)} × ${countText(texts, each)} = ${countText(texts, order.quantity)}`}
          </bdi>
          {' · '}
          {texts.text('order.lastStarts', { time: durationText(texts, lastAfter) })}
        </caption>
        <thead>
          <tr>
            <th scope="col">{texts.text('order.run')}</th>
            <th scope="col">{texts.text('order.starts')}</th>
            <th scope="col">{texts.text('app.quantity')}</th>
            <th scope="col">{texts.text('order.soFar')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((run) => (
            <>
              {hidden > 0 && run === runs && (
                <tr key="hidden">
                  <td colSpan={4} class="soft">
                    {texts.text('order.moreRuns', { count: hidden })}
                  </td>
                </tr>
              )}
              <tr key={run}>
                <th scope="row">{texts.number(run)}</th>
                <td>
                  <Moment texts={texts} at={new Date(now.getTime() + (run - 1) * interval * MINUTE_MS)} />
                </td>
                <td class="figure">{countText(texts, each)}</td>
                <td class="figure">{countText(texts, each * BigInt(run))}</td>
              </tr>
            </>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const MINUTE_MS = 60_000
