import type { Texts } from '../../../texts/texts.ts'
import { fieldLabel } from '../act-words.ts'
import { valueText } from '../changes.tsx'

interface DifferencesProps {
  readonly texts: Texts
  readonly before: object | null
  readonly after: object | null
  /** How many are shown; the line's own page has all. */
  readonly most: number
}

const LONGEST = 80

/** What one line of the log changed, in short: each value as it was → as it is. */
export function Differences({ texts, before, after, most }: DifferencesProps) {
  const [old, now] = [new Map<string, unknown>(Object.entries(before ?? {})), new Map<string, unknown>(Object.entries(after ?? {}))]
  const names = [...new Set([...old.keys(), ...now.keys()])].filter(
    (name) => valueText(texts, old.get(name)) !== valueText(texts, now.get(name)),
  )
  if (names.length === 0) return null
  return (
    <ul class="desk-differences">
      {names.slice(0, most).map((name) => (
        <li key={name}>
          <span class="soft">{fieldLabel(texts, name)}</span>{' '}
          {isThere(old.get(name)) && (
            <>
              <del>
                <bdi>{short(texts, old.get(name))}</bdi>
              </del>{' '}
              <span class="arrow" aria-hidden="true">
                →
              </span>{' '}
            </>
          )}
          <ins>
            <bdi>{short(texts, now.get(name))}</bdi>
          </ins>
        </li>
      ))}
      {names.length > most && <li class="soft">{texts.text('desk.log.more', { count: names.length - most })}</li>}
    </ul>
  )
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null
}

function short(texts: Texts, value: unknown): string {
  const text = valueText(texts, value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
