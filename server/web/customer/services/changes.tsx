import type { MessageKey } from '../../../../contract/message.ts'
import type { Met } from '../../../catalog/changes-met.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Empty } from '../../ui/notice.tsx'
import { appPage } from '../app-frame.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { percentText, rateText } from '../../ui/figures.tsx'
import { Moment } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import type { Conversion } from '../other-currency/convert.ts'
import { conversionOf, type OtherCurrency } from '../other-currency/other-currency.ts'
import { About, aboutPrice, OtherPrices, withPrices } from '../other-currency/other-prices.tsx'
import type { OfferedService } from './offer.ts'

interface ChangesView {
  readonly changes: readonly { readonly change: Met; readonly offered: OfferedService | undefined }[]
  readonly isFirst: boolean
  /** The id that the next page continues from; null on the last page. */
  readonly older: bigint | null
  readonly currency: string
  readonly other: OtherCurrency | undefined
  /** Of this page. */
  readonly address: string
}

/** Added and removed services and changed prices, newest first. */
export function changesPage(ui: PageUi, { changes, isFirst, older, currency, other, address: own }: ChangesView): string {
  const { texts } = ui.frame
  return appPage({
    ui,
    title: texts.text('offer.changes'),
    children: (
      <>
        <p class="soft">
          {texts.text('offer.changesIntro')} <a href="/services">{texts.text('app.services')}</a>
        </p>
        <OtherPrices frame={ui.frame} other={other} address={(prices) => withPrices(own, prices)} />
        {changes.length === 0 && isFirst && older === null ? (
          <Empty title={texts.text('offer.noChanges.title')} text={texts.text('offer.noChanges.text')} />
        ) : (
          <ul class="rows changes">
            {changes.map(({ change, offered }) => (
              <ChangeRow key={String(change.number)} {...{ texts, change, offered, currency }} conversion={conversionOf(other)} />
            ))}
          </ul>
        )}
        <PageLinks
          links={[
            { href: isFirst ? null : '/services/changes', text: texts.text('app.newest') },
            { href: older === null ? null : address('/services/changes', { before: older }), text: texts.text('app.older') },
          ]}
        />
      </>
    ),
  })
}

interface ChangeRowProps {
  readonly texts: Texts
  readonly change: Met
  readonly offered: OfferedService | undefined
  readonly currency: string
  readonly conversion: Conversion | undefined
}

function ChangeRow({ texts, change, offered, currency, conversion }: ChangeRowProps) {
  const [key, mood] = kindOf(change)
  return (
    <li>
      <div class="what">
        <h2>
          <span class={`badge ${mood}`}>{texts.text(key)}</span> <Name texts={texts} change={change} offered={offered} />
        </h2>
        <p class="soft small">
          {change.service !== null && (
            <>
              <bdi dir="ltr">{change.service}</bdi> ·{' '}
            </>
          )}
          {offered && offered.category !== '' && (
            <>
              <bdi>{offered.category}</bdi> ·{' '}
            </>
          )}
          <Moment texts={texts} at={change.at} />
        </p>
      </div>
      <p class="price">
        {change.service === null ? <Discounts texts={texts} change={change} /> : <Prices {...{ texts, change, currency, conversion }} />}
      </p>
    </li>
  )
}

function kindOf({ service, old, rate }: Met): readonly [MessageKey, '' | 'good' | 'warn'] {
  if (service === null) return Number(rate) > Number(old) ? ['offer.cheaper', 'good'] : ['offer.dearer', 'warn']
  if (old === null) return ['offer.new', '']
  if (rate === null) return ['offer.gone', '']
  return Number(rate) > Number(old) ? ['offer.dearer', 'warn'] : ['offer.cheaper', 'good']
}

function Name({ texts, change, offered }: Pick<ChangeRowProps, 'texts' | 'change' | 'offered'>) {
  if (change.service === null) return <>{texts.text('offer.yourDiscount')}</>
  const name = <bdi>{offered?.name ?? change.service}</bdi>
  return offered?.service.state === 'on sale' ? <a href={address('/order', { service: change.service })}>{name}</a> : name
}

/** The old price and the new one, with the change in per cent. */
function Prices({ texts, change: { old, rate }, currency, conversion }: Omit<ChangeRowProps, 'offered'>) {
  return (
    <>
      <bdi class="figure" dir="ltr">
        {old !== null && <s>{rateText(texts, old, currency)}</s>}
        {old !== null && rate !== null && ' → '}
        {rate !== null && rateText(texts, rate, currency)}
      </bdi>
      {rate !== null && conversion && (
        <>
          {' '}
          <About text={aboutPrice(texts, rate, conversion)} />
        </>
      )}
      {old !== null && rate !== null && Number(old) > 0 && (
        <>
          {' '}
          <bdi class="soft small" dir="ltr">
            {percentText(texts, Number(rate) / Number(old) - 1, 'signed')}
          </bdi>
        </>
      )}
    </>
  )
}

/** The discounts are in basis points, hundredths of a per cent. */
function Discounts({ texts, change: { old, rate } }: Pick<ChangeRowProps, 'texts' | 'change'>) {
  const share = (basisPoints: string | null) => percentText(texts, Number(basisPoints) / 10_000)
  return (
    <bdi class="figure" dir="ltr">
      <s>{share(old)}</s> → {share(rate)}
    </bdi>
  )
}
