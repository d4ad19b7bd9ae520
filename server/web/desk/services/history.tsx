import { serviceUndo, undoing } from '../../../acts/service-undo.ts'
import type { LogLine } from '../../../staff/log.ts'
import type { Texts } from '../../../texts/texts.ts'
import { PageLinks } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import { ActLink } from '../act-link.tsx'
import { actTitle, fieldLabel } from '../act-words.ts'
import { valueText } from '../changes.tsx'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'

/** The newest changes of all services, each to be undone. */
export function historyPage(context: DeskContext, lines: readonly LogLine[], before: bigint | null): string {
  const { texts } = context.ui.frame
  const next = before === null ? null : `/desk/services/history?before=${before}`
  return deskPage(context, {
    title: texts.text('desk.services.history'),
    lead: texts.text('desk.services.history.lead'),
    children: (
      <>
        <HistoryTable context={context} lines={lines} service={null} back="/desk/services/history" />
        <PageLinks links={[{ href: next, text: texts.text('desk.services.older') }]} />
      </>
    ),
  })
}

interface HistoryProps {
  readonly context: DeskContext
  readonly lines: readonly LogLine[]
  /** Only what was changed of this one is shown. */
  readonly service: number | null
  readonly back: string
}

export function HistoryTable({ context, lines, service, back }: HistoryProps) {
  const { texts } = context.ui.frame
  if (lines.length === 0) return <p class="soft">{texts.text('desk.services.history.none')}</p>
  return (
    <div class="scroll">
      <Table
        caption={texts.text('desk.services.history')}
        headings={(['line', 'at', 'who', 'did', 'changed', 'undo'] as const).map((name) => texts.text(`desk.services.history.${name}`))}
        rows={lines.map((line) => [
          <a key="line" href={`/desk/log/${line.line}`}>
            {String(line.line)}
          </a>,
          <Moment key="at" texts={texts} at={new Date(line.at)} />,
          <bdi key="who">{line.who}</bdi>,
          actTitle(texts, line.act),
          <ChangedOf key="changed" context={context} line={line} service={service} />,
          undoing(line) === undefined ? (
            ''
          ) : (
            <ActLink
              key="undo"
              context={context}
              act={serviceUndo}
              with={{ line: String(line.line) }}
              back={back}
              look="small"
              text={texts.text('desk.services.undo')}
            />
          ),
        ])}
      />
    </div>
  )
}

const MOST_SHOWN = 4

function ChangedOf({ context, line, service }: { readonly context: DeskContext; readonly line: LogLine; readonly service: number | null }) {
  const { texts } = context.ui.frame
  const rows = (undoing(line) ?? []).filter((row) => service === null || row.service === service)
  const cells = rows.flatMap(({ service: id, values, seen }) =>
    Object.entries(values).map(([column, was]) => ({ id, column, was, is: (seen as Record<string, unknown>)[column] })),
  )
  return (
    <>
      {cells.slice(0, MOST_SHOWN).map(({ id, column, was, is }) => (
        <div key={`${id} ${column}`}>
          {service === null && `${id} · `}
          {fieldLabel(texts, column)}: <bdi>{shortened(texts, was)}</bdi> → <bdi>{shortened(texts, is)}</bdi>
        </div>
      ))}
      {cells.length > MOST_SHOWN && (
        <div class="soft">{texts.text('desk.services.preview.more', { count: cells.length - MOST_SHOWN })}</div>
      )}
    </>
  )
}

const LONGEST = 60

function shortened(texts: Texts, value: unknown): string {
  const text = valueText(texts, value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
