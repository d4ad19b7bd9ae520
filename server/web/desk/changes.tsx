import type { Texts } from '../../texts/texts.ts'
import { momentText } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import { fieldLabel } from './act-words.ts'

interface ChangesProps {
  readonly texts: Texts
  readonly before: object | null
  readonly after: object | null
  /** What the reader saw before somebody else changed it. */
  readonly saw?: object | null
}

/** What an act changed, or would change: each value as it was and as it is. */
export function Changes({ texts, before, after, saw }: ChangesProps) {
  const [seen, old, now] = [valuesOf(saw), valuesOf(before), valuesOf(after)]
  const names = [...new Set([...seen.keys(), ...old.keys(), ...now.keys()])]
  if (names.length === 0) return null
  return (
    <div class="scroll">
      <Table
        caption={texts.text('desk.changes')}
        headings={(['what', ...(saw === undefined ? [] : (['saw'] as const)), 'before', 'after'] as const).map((column) =>
          texts.text(`desk.changes.${column}`),
        )}
        rows={names.map((name) => [
          labelOf(texts, name),
          ...(saw === undefined ? [] : [<bdi key="saw">{valueText(texts, seen.get(name))}</bdi>]),
          <bdi key="before">{valueText(texts, old.get(name))}</bdi>,
          <bdi key="after">{valueText(texts, now.get(name))}</bdi>,
        ])}
      />
    </div>
  )
}

/** The values by their names. Those of many services, which an act tells by service, are named by both. */
function valuesOf(told: object | null | undefined): ReadonlyMap<string, unknown> {
  const { services, ...others } = { services: undefined, ...told } as { services?: unknown }
  const byService = Object.entries(typeof services === 'object' && services !== null && !Array.isArray(services) ? services : {})
  const many = byService.flatMap(([id, values]) =>
    Object.entries(values as object).map(([name, value]) => [`${id} ${name}`, value] as const),
  )
  const rest: Record<string, unknown> = many.length > 0 || services === undefined ? others : { ...others, services }
  return new Map<string, unknown>([...Object.entries(rest), ...many.slice(0, MOST_SHOWN)])
}

const MOST_SHOWN = 200

function labelOf(texts: Texts, name: string): string {
  const [, service, column] = /^(\d+) (\w+)$/.exec(name) ?? []
  return column === undefined ? fieldLabel(texts, name) : `${service} · ${fieldLabel(texts, column)}`
}

/** A value of an act or of the log, for its reader; a dash for none. */
export function valueText(texts: Texts, value: unknown): string {
  if (value === undefined || value === null) return '–'
  if (typeof value === 'boolean') return texts.text(value ? 'desk.form.yes' : 'desk.form.no')
  if (typeof value === 'string') return MOMENT.test(value) ? momentText(texts, new Date(value)) : value
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object')) {
    return value.length === 0 ? '–' : value.map((each) => valueText(texts, each)).join(', ')
  }
  return JSON.stringify(value)
}

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$/
