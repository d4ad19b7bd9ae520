import type { Texts } from '../../texts/texts.ts'
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
          fieldLabel(texts, name),
          ...(saw === undefined ? [] : [<bdi key="saw">{valueText(seen.get(name))}</bdi>]),
          <bdi key="before">{valueText(old.get(name))}</bdi>,
          <bdi key="after">{valueText(now.get(name))}</bdi>,
        ])}
      />
    </div>
  )
}

function valuesOf(object: object | null | undefined): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(object ?? {}))
}

/** A value as it stands in the log; a dash for none. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return '–'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
