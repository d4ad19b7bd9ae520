import { parseUnits } from '../../../ledger/money.ts'
import type { ExportReport, MovingRow } from '../../../move-in/movings.ts'
import { isLeftOut } from '../../../move-in/oddities.ts'
import { type Odd, type Report, reported } from '../../../move-in/report.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Money } from '../../ui/figures.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Table } from '../../ui/table.tsx'
import { MOVING } from './moving-address.ts'

interface ReportProps {
  readonly texts: Texts
  readonly moving: MovingRow
}

/** What would come, or came: how many, what it does to the money, what stays behind and why. */
export function MovingReport({ texts, moving: { id, source, report, result } }: ReportProps) {
  const told = result ?? report
  if (told === null) return null
  const came = result !== null
  return (
    <>
      <section class="card">
        <h2>{texts.text(source === 'out' ? 'desk.moving.report.out' : came ? 'desk.moving.report.came' : 'desk.moving.report.would')}</h2>
        {'counts' in told ? <Counts texts={texts} report={told} came={came} /> : <Rows texts={texts} report={told} />}
      </section>
      {'counts' in told && <MoneyOwed texts={texts} report={told} came={came} />}
      {'counts' in told && told.suppliers.length > 0 && <Suppliers texts={texts} report={told} />}
      {/* What was odd is told of the whole panel when it is looked at: a run that went on saw only the rest of it. */}
      {report && 'counts' in report && <Oddities texts={texts} report={report} />}
      {source !== 'out' && (
        <p class="ways">
          <a class="button plain" href={`${MOVING}/${id}/report.json`} download>
            {texts.text('desk.moving.report.file')}
          </a>
        </p>
      )}
    </>
  )
}

function Counts({ texts, report: { counts }, came }: { readonly texts: Texts; readonly report: Report; readonly came: boolean }) {
  const caption = texts.text(came ? 'desk.moving.report.came' : 'desk.moving.report.would')
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
      <Table
        caption={caption}
        headings={[
          texts.text('desk.jobs.column.what'),
          texts.text('desk.moving.column.read'),
          texts.text(came ? 'desk.moving.column.came' : 'desk.moving.column.would'),
          texts.text('desk.moving.column.here'),
          texts.text('desk.moving.column.left'),
        ]}
        figures={[1, 2, 3, 4]}
        rows={reported.map((kind) => {
          const { read, brought, here, leftOut } = counts[kind]
          const name = texts.text(`desk.moving.kind.${kind.replaceAll(' ', '-') as 'keys'}`)
          return [name, ...[read, brought, here, leftOut].map((count) => texts.number(count))]
        })}
      />
    </div>
  )
}

/** Of an export of Docket: its files, by name. */
function Rows({ texts, report: { rows, suppliersWithoutKey } }: { readonly texts: Texts; readonly report: ExportReport }) {
  const caption = texts.text('desk.moving.report.rows')
  return (
    <>
      {suppliersWithoutKey.length > 0 && (
        <Notice mood="warn">{texts.text('desk.moving.docket.suppliers', { names: suppliersWithoutKey.join(', ') })}</Notice>
      )}
      <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
        <Table
          caption={caption}
          headings={[texts.text('desk.jobs.column.what'), texts.text('desk.files.column.rows')]}
          figures={[1]}
          rows={Object.entries(rows)
            .filter(([, count]) => count > 0)
            .map(([kind, count]) => [<code key="kind">{kind}</code>, texts.number(count)])}
        />
      </div>
    </>
  )
}

/** What all customers have on their books, before and after it. */
function MoneyOwed({
  texts,
  report: { money, currency },
  came,
}: {
  readonly texts: Texts
  readonly report: Report
  readonly came: boolean
}) {
  const [deposits, charges, owed, had] = [money.deposits, money.chargesOfOpenOrders, money.owed, money.customersHad].map(parseUnits)
  const rows = [
    ['deposits', deposits!],
    ['charges', charges!],
    ['owed', owed!],
    ['had', had!],
    ['then', had! + deposits! - charges!],
  ] as const
  return (
    <section class="card">
      <h2>{texts.text(came ? 'desk.moving.money.came' : 'desk.moving.money')}</h2>
      <dl class="own-facts">
        {rows.map(([name, units]) => (
          <>
            <dt>{texts.text(`desk.moving.money.${name}`)}</dt>
            <dd>
              <Money texts={texts} units={units} currency={currency} />
            </dd>
          </>
        ))}
      </dl>
    </section>
  )
}

const ANSWERS = { taken: 'taken', 'key refused': 'refused', 'no answer': 'away', 'no access': 'none' } as const

function Suppliers({ texts, report: { suppliers } }: { readonly texts: Texts; readonly report: Report }) {
  return (
    <section class="card">
      <h2>{texts.text('desk.moving.kind.suppliers')}</h2>
      <dl class="own-facts">
        {suppliers.map(({ name, kind, words }) => (
          <>
            <dt>
              <bdi>{name}</bdi>
            </dt>
            <dd>{texts.text(`desk.moving.tried.${ANSWERS[kind]}`, { words })}</dd>
          </>
        ))}
      </dl>
    </section>
  )
}

function Oddities({ texts, report: { odd } }: { readonly texts: Texts; readonly report: Report }) {
  const left = odd.filter(({ code }) => isLeftOut(code))
  const others = odd.filter(({ code }) => !isLeftOut(code))
  return (
    <>
      <section class="card">
        <h2>{texts.text('desk.moving.left')}</h2>
        {left.length === 0 ? <p class="soft">{texts.text('desk.moving.left.none')}</p> : <OddList texts={texts} odd={left} />}
      </section>
      <section class="card">
        <h2>{texts.text('desk.moving.odd')}</h2>
        {others.length === 0 ? <p class="soft">{texts.text('desk.moving.odd.none')}</p> : <OddList texts={texts} odd={others} />}
      </section>
    </>
  )
}

const SHOWN = 20

function OddList({ texts, odd }: { readonly texts: Texts; readonly odd: readonly Odd[] }) {
  return (
    <div class="moving-odd">
      {odd.map(({ code, times, rows }) => (
        <details key={code}>
          <summary>
            {texts.text(`desk.moving.odd.${code}`)} <span class="soft">({texts.number(times)})</span>
          </summary>
          <ul>
            {rows.slice(0, SHOWN).map((row, at) => (
              <li key={at}>
                {rowText(texts, row)}
                {row.told !== '' && (
                  <>
                    {': '}
                    <bdi class="soft">{row.told}</bdi>
                  </>
                )}
              </li>
            ))}
            {times > SHOWN && <li class="soft">{texts.text('desk.moving.odd.more', { count: times - SHOWN })}</li>}
          </ul>
        </details>
      ))}
    </div>
  )
}

function rowText(texts: Texts, { kind, id }: Odd['rows'][number]): string {
  if (kind !== 'price') return texts.text(`desk.moving.row.${kind}`, { id })
  const [account = '', service = ''] = id.split('/')
  return texts.text('desk.moving.row.price', { account, service })
}
