import type { MessageKey } from '../../../../contract/message.ts'
import type { Line } from '../../../ledger/seal.ts'
import { walletChange } from '../../../ledger/statement.ts'
import type { Texts } from '../../texts/texts.ts'
import { Empty } from '../../ui/notice.tsx'
import { address, appPage, PageLinks } from '../app-frame.tsx'
import { Money } from '../figures.tsx'
import { Moment } from '../parts.tsx'
import type { Scene } from '../scene.ts'

interface FundsView {
  /** Newest first. */
  readonly lines: readonly Line[]
  readonly opening: bigint
  readonly closing: bigint
  readonly isFirst: boolean
  readonly older: bigint | null
  readonly currency: string
}

/** The statement: every movement with the balance after it, and what stood before and after all on the page. */
export function fundsPage(scene: Scene, { lines, opening, closing, isFirst, older, currency }: FundsView): string {
  const { texts } = scene.frame
  const total = (name: MessageKey, units: bigint) => (
    <tr class="total">
      <th scope="row" colSpan={2}>
        {texts.text(name)}
      </th>
      <td>
        <Money texts={texts} units={units} currency={currency} />
      </td>
    </tr>
  )
  return appPage({
    scene,
    title: texts.text('app.funds'),
    children:
      lines.length === 0 ? (
        <Empty title={texts.text('app.noLines.title')} text={texts.text('app.noLines.text')} />
      ) : (
        <>
          <p class="ways">
            <a class="button plain" href="/funds.csv">
              {texts.text('app.csv')}
            </a>
          </p>
          <table class="statement">
            <caption class="visually-hidden">{texts.text('app.funds')}</caption>
            <thead>
              <tr>
                <th scope="col">{texts.text('app.movement')}</th>
                <th scope="col">{texts.text('app.amount')}</th>
                <th scope="col">{texts.text('app.balance')}</th>
              </tr>
            </thead>
            <tbody>
              {total('app.closing', closing)}
              {lines.map((line) => (
                <LineRow key={line.line} texts={texts} line={line} currency={currency} />
              ))}
              {total('app.opening', opening)}
            </tbody>
          </table>
          <PageLinks
            links={[
              { href: isFirst ? null : '/funds', text: texts.text('app.newest') },
              { href: older === null ? null : address('/funds', { before: older }), text: texts.text('app.older') },
            ]}
          />
        </>
      ),
  })
}

function LineRow({ texts, line, currency }: { readonly texts: Texts; readonly line: Line; readonly currency: string }) {
  const change = walletChange(line)
  // What a person wrote; the others say their cause again, in English.
  const isByPerson = (line.cause === 'deposit' || line.cause === 'correction') && Boolean(line.note)
  return (
    <tr>
      <th scope="row">
        {texts.text(`app.cause.${line.cause}` as MessageKey)}
        {line.orderId !== null && (
          <>
            {' · '}
            <a href={`/orders/${line.orderId}`}>{texts.text('app.orderNumber', { id: line.orderId.toString() })}</a>
          </>
        )}
        {isByPerson && (
          <>
            <br />
            <bdi class="soft small">{line.note}</bdi>
          </>
        )}
        <br />
        <span class="soft small">
          {texts.text('app.line')} {line.line} · <Moment texts={texts} at={new Date(line.at)} />
        </span>
      </th>
      <td class={change > 0n ? 'in' : undefined}>
        <Money texts={texts} units={change} currency={currency} />
      </td>
      <td>
        <Money texts={texts} units={line.walletAfter} currency={currency} />
      </td>
    </tr>
  )
}
