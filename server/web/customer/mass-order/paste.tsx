import type { MassOrder } from '../../../orders/mass-orders.ts'
import type { Texts } from '../../../texts/texts.ts'
import { FileField, LinesArea } from '../../ui/labelled.tsx'
import { Prose } from '../../ui/prose.tsx'
import { appPage } from '../app-frame.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { Money } from '../../ui/figures.tsx'
import { Moment, Submit } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { Counts, PhaseBadge, type Phase } from './mass-order.tsx'

interface PasteView {
  readonly text: string
  /** Why the list as a whole was refused. */
  readonly fault: string | undefined
  /** The id of this form: submitted twice, it makes one list. */
  readonly form: string
  readonly earlier: readonly { readonly massOrder: MassOrder; readonly phase: Phase }[]
  readonly isFirst: boolean
  readonly older: bigint | null
  readonly currency: string
  readonly bounds: { readonly lines: number; readonly bytes: number; readonly days: number }
}

/** The form to paste rows or to choose a file; below it, the earlier lists. */
export function pastePage(ui: PageUi, view: PasteView): string {
  const { texts } = ui.frame
  const { earlier, isFirst, older } = view
  return appPage({
    ui,
    title: texts.text('app.massOrder'),
    script: 'mass-order',
    children: (
      <>
        <p class="soft">{texts.text('mass.lead')}</p>
        <PasteForm ui={ui} view={view} />
        <Formats texts={texts} />
        {(earlier.length > 0 || !isFirst) && (
          <section aria-labelledby="earlier">
            <h2 id="earlier">{texts.text('mass.earlier')}</h2>
            <p class="soft small">{texts.text('mass.kept', { days: view.bounds.days })}</p>
            <ul class="rows">
              {earlier.map(({ massOrder, phase }) => (
                <EarlierRow key={massOrder.id} texts={texts} massOrder={massOrder} phase={phase} currency={view.currency} />
              ))}
            </ul>
            <PageLinks
              links={[
                { href: isFirst ? null : '/mass-order', text: texts.text('app.newest') },
                { href: older === null ? null : address('/mass-order', { before: older }), text: texts.text('app.older') },
              ]}
            />
          </section>
        )}
      </>
    ),
  })
}

function PasteForm({ ui, view: { text, fault, form, bounds } }: { readonly ui: PageUi; readonly view: PasteView }) {
  const { texts } = ui.frame
  const size = new Intl.NumberFormat(`${texts.language.code}-u-nu-latn`, { style: 'unit', unit: 'megabyte' }).format(
    bounds.bytes / 1_000_000,
  )
  const most = { lines: texts.number(bounds.lines), size }
  const tooLong = texts.text('mass.fault.tooLong', most)
  const faultTexts: Readonly<Record<string, string>> = {
    list_empty: texts.text('mass.fault.empty'),
    list_too_long: tooLong,
    encoding: texts.text('mass.fault.encoding'),
  }
  const ofFile = fault === 'encoding'
  return (
    <form
      method="post"
      action="/mass-order"
      enctype="multipart/form-data"
      class="form paste"
      data-most={bounds.bytes}
      data-too-long={tooLong}
    >
      <input type="hidden" name="csrf" value={ui.csrf} />
      <input type="hidden" name="form" value={form} />
      <LinesArea
        id="lines"
        name="lines"
        label={texts.text('mass.lines')}
        hint={texts.text('mass.lines.hint', most)}
        fault={fault === undefined || ofFile ? undefined : faultTexts[fault]}
        value={text}
        rows={12}
      />
      <FileField
        id="file"
        name="file"
        accept=".csv,.tsv,.txt,text/csv,text/plain"
        label={texts.text('mass.file')}
        fault={ofFile ? faultTexts['encoding'] : undefined}
      />
      <p class="message-area soft small" role="status" data-read={texts.text('mass.file.read', { name: '#' })} />
      <Submit>{texts.text('mass.check')}</Submit>
    </form>
  )
}

const TABLE = `service,link,quantity,comments
101,https://example.com/p/1,1000,
301,https://example.com/p/2,,"Lovely, thank you
Where can I get ""the blue one""?"`

function Formats({ texts }: { readonly texts: Texts }) {
  return (
    <details class="more formats">
      <summary>{texts.text('mass.formats')}</summary>
      <div class="stack">
        <p>
          <Prose text={texts.text('mass.formats.lines')} />
        </p>
        <Sample
          text={'101 | https://example.com/p/1 | 1000\n101 | https://example.com/p/2 | 100 | 5 | 60'}
          name={texts.text('mass.lines')}
        />
        <p>
          <Prose text={texts.text('mass.formats.table')} />
        </p>
        <Sample text={TABLE} name="CSV" />
        <p>
          <Prose text={texts.text('mass.formats.again')} />
        </p>
      </div>
    </details>
  )
}

function Sample({ text, name }: { readonly text: string; readonly name: string }) {
  return (
    <pre class="sample" dir="ltr" tabIndex={0} role="group" aria-label={name}>
      <code>{text}</code>
    </pre>
  )
}

interface EarlierRowProps {
  readonly texts: Texts
  readonly massOrder: MassOrder
  readonly phase: Phase
  readonly currency: string
}

function EarlierRow({ texts, massOrder, phase, currency }: EarlierRowProps) {
  return (
    <li>
      <div class="what">
        <h3>
          <a href={`/mass-order/${massOrder.id}`}>{texts.text('mass.number', { id: massOrder.id.toString() })}</a>{' '}
          <PhaseBadge texts={texts} phase={phase} />
        </h3>
        <p class="soft small">
          <Moment texts={texts} at={massOrder.madeAt} />
        </p>
        <Counts texts={texts} massOrder={massOrder} phase={phase} />
      </div>
      {phase !== 'checked' && (
        <p class="price">
          <Money texts={texts} units={massOrder.charged} currency={currency} />
          <br />
          <a class="small" href={`/mass-order/${massOrder.id}/result.csv`}>
            {texts.text('mass.result')}
          </a>
        </p>
      )}
    </li>
  )
}
