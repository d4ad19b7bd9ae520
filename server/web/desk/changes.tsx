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
  const [old, now] = [new Map<string, unknown>(Object.entries(before ?? {})), new Map<string, unknown>(Object.entries(after ?? {}))]
  const names = [...new Set([...old.keys(), ...now.keys()])]
  if (names.length === 0) return null
  return (
    <div class="scroll">
      <Table
        caption={texts.text('desk.changes')}
        headings={[texts.text('desk.changes.what'), texts.text('desk.changes.before'), texts.text('desk.changes.after')]}
        rows={names.map((name) => [
          fieldLabel(texts, name),
          <bdi key="before">{valueText(old.get(name))}</bdi>,
          <bdi key="after">{valueText(now.get(name))}</bdi>,
        ])}
      />
    </div>
  )
}

/** A value as it stands in the log; a dash for none. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return '–'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
