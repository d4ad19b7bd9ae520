import type { Texts } from '../../texts/texts.ts'
import { Table } from '../ui/table.tsx'
import { fieldLabel } from './act-words.ts'

interface ChangesProps {
  readonly texts: Texts
  readonly before: object | null
  readonly after: object | null
}

/** What an act changed, or would change: each value as it was and as it is. */
export function Changes({ texts, before, after }: ChangesProps) {
  const [old, now] = [valuesOf(before), valuesOf(after)]
  const names = [...new Set([...old.keys(), ...now.keys()])]
  if (names.length === 0) return null
  return (
    <div class="scroll">
      <Table
        caption={texts.text('desk.changes')}
        headings={[texts.text('desk.changes.what'), texts.text('desk.changes.before'), texts.text('desk.changes.after')]}
        rows={names.map((name) => [
          labelOf(texts, name),
          <bdi key="before">{valueText(old.get(name))}</bdi>,
          <bdi key="after">{valueText(now.get(name))}</bdi>,
        ])}
      />
    </div>
  )
}

/** The values by their names. Those of many services, which an act tells by service, are named by both. */
function valuesOf(told: object | null): Map<string, unknown> {
  const { services, ...others } = { services: undefined, ...told } as { services?: unknown }
  const byService = Object.entries(typeof services === 'object' && services !== null && !Array.isArray(services) ? services : {})
  const many = byService.flatMap(([id, values]) => Object.entries(values as object).map(([name, value]) => [`${id} ${name}`, value] as const))
  const rest: Record<string, unknown> = many.length > 0 || services === undefined ? others : { ...others, services }
  return new Map<string, unknown>([...Object.entries(rest), ...many.slice(0, MOST_SHOWN)])
}

const MOST_SHOWN = 200

function labelOf(texts: Texts, name: string): string {
  const [, service, column] = /^(\d+) (\w+)$/.exec(name) ?? []
  return column === undefined ? fieldLabel(texts, name) : `${service} · ${fieldLabel(texts, column)}`
}

/** A value as it stands in the log; a dash for none. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return '–'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
