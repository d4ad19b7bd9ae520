import { servicePrefer } from '../../../acts/service-prefer.ts'
import type { Better } from '../../../fulfilment/side-by-side.ts'
import { percentText, takenText } from '../../ui/figures.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { decimalText } from './words.tsx'

/** Services that another supplier does cheaper and sooner, each with the one act that asks that one first. */
export function BetterSuppliers({ context, rows, back }: { context: DeskContext; rows: readonly Better[]; back: string }) {
  const { texts } = context.ui.frame
  if (rows.length === 0) return null
  return (
    <section>
      <h2>{texts.text('desk.suppliers.better')}</h2>
      <p class="soft">{texts.text('desk.suppliers.better.lead')}</p>
      <div class="scroll">
        <table>
          <caption class="visually-hidden">{texts.text('desk.suppliers.better')}</caption>
          <thead>
            <tr>
              <th scope="col">{texts.text('desk.suppliers.service')}</th>
              <th scope="col">{texts.text('desk.suppliers.askedFirst')}</th>
              <th scope="col">{texts.text('desk.suppliers.betterOne')}</th>
              <th scope="col" class="figures">
                {texts.text('desk.suppliers.failed')}
              </th>
              <td />
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.service} ${row.better_id}`} data-row>
                <th scope="row">
                  <a href={`${DESK}/services/${row.service}`}>{row.service}</a> <bdi>{row.name}</bdi>
                </th>
                <td>
                  <bdi>{row.asked_first}</bdi>
                  <br />
                  <span class="small soft">
                    <bdi dir="ltr">{decimalText(texts, row.cost)}</bdi> · {takenText(texts, row.finish_median)}
                  </span>
                </td>
                <td>
                  <bdi>{row.better}</bdi>
                  <br />
                  <span class="small good">
                    <bdi dir="ltr">{decimalText(texts, row.better_cost)}</bdi> · {takenText(texts, row.better_finish_median)}
                  </span>
                </td>
                <td class="figures">{percentText(texts, row.better_failed_percent / 100)}</td>
                <td>
                  <ActLink
                    context={context}
                    act={servicePrefer}
                    with={{ service: String(row.service), supplier: row.better }}
                    back={back}
                    look="small"
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
