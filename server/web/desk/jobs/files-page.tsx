import { EXPORTS_KEPT_DAYS, type Export } from '../../../jobs/exports.ts'
import type { ReportFilter } from '../../../reports/filter.ts'
import { Badge } from '../../ui/badge.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Moment } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import type { Texts } from '../../../texts/texts.ts'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { BY_NAMES } from '../reports/reports.tsx'

const COLUMNS = ['what', 'who', 'made', 'rows', 'file'] as const

/** Lists that were taken out, the newest first. */
export function filesPage(context: DeskContext, files: readonly Export[]): string {
  const { texts } = context.ui.frame
  return deskPage(context, {
    title: texts.text('desk.files'),
    lead: texts.text('desk.files.lead', { days: EXPORTS_KEPT_DAYS }),
    children:
      files.length === 0 ? (
        <Empty title={texts.text('desk.files.none')} text={texts.text('desk.files.noneYet')} />
      ) : (
        <div class="scroll" data-live-region="files">
          <Table
            caption={texts.text('desk.files')}
            headings={COLUMNS.map((column) => texts.text(`desk.files.column.${column}`))}
            figures={[3]}
            rows={files.map((file) => [
              whatIsIn(texts, file),
              <bdi key="who">{file.who}</bdi>,
              <Moment key="made" texts={texts} at={file.madeAt} />,
              texts.number(file.rows),
              <File key="file" texts={texts} file={file} />,
            ])}
          />
        </div>
      ),
  })
}

function whatIsIn(texts: Texts, { kind, filter }: Export): string {
  if (kind === 'orders') return texts.text('desk.place.orders')
  const { by, from, to } = filter as ReportFilter
  return texts.text('desk.files.report', { by: texts.text(BY_NAMES[by]), from, to })
}

function File({ texts, file: { id, format, endedAt } }: { readonly texts: Texts; readonly file: Export }) {
  if (endedAt === null) return <Badge tone="busy">{texts.text('desk.files.written')}</Badge>
  return (
    <a class="button small" href={`/desk/files/${id}/file`} download>
      {texts.text(format === 'csv' ? 'desk.report.csv' : 'desk.report.jsonl')}
    </a>
  )
}
