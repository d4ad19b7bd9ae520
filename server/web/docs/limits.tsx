import { MOST_IDS } from '../../../contract/action.ts'
import { MOST_STREAMS_OF_A_KEY } from '../../../contract/extensions.ts'
import { MOST_CHARACTERS, MOST_LINES } from '../../../contract/service-types.ts'
import type { MessageKey } from '../../../contract/message.ts'
import type { Texts } from '../../texts/texts.ts'
import { Table } from '../ui/table.tsx'
import { Heading } from './operation.tsx'

/** The limits of this server, as its operator has set them. */
export interface Limits {
  /** Requests per minute; null: not limited. */
  readonly rates: { readonly perKey: number; readonly perAddress: number } | null
  readonly bodyBytes: number
}

/** The limits that the author of a client must know. */
export function LimitsTable({ texts, limits: { rates, bodyBytes } }: { readonly texts: Texts; readonly limits: Limits }) {
  const title = texts.text('docs.limits.title')
  const figures: [MessageKey, string][] = [
    ...(rates
      ? ([
          ['docs.limits.key', texts.number(rates.perKey)],
          ['docs.limits.address', texts.number(rates.perAddress)],
        ] as [MessageKey, string][])
      : []),
    ['docs.limits.body', bytesText(texts, bodyBytes)],
    ['docs.limits.ids', texts.number(MOST_IDS)],
    ['docs.limits.lines', texts.text('docs.mostLines', { lines: texts.number(MOST_LINES), characters: texts.number(MOST_CHARACTERS) })],
    ['docs.limits.streams', texts.number(MOST_STREAMS_OF_A_KEY)],
  ]
  return (
    <section class="part" id="limits" aria-labelledby="limits-title">
      <div class="words">
        <Heading texts={texts} id="limits" title="docs.limits.title" />
        <Table
          caption={title}
          headings={[<span class="visually-hidden">{title}</span>, texts.text('docs.limits.most')]}
          rows={figures.map(([name, figure]) => [texts.text(name), figure])}
        />
      </div>
    </section>
  )
}

const MEGABYTE = 1_048_576

function bytesText({ language }: Texts, bytes: number): string {
  const [value, unit] = bytes >= MEGABYTE ? [bytes / MEGABYTE, 'megabyte'] : [bytes / 1024, 'kilobyte']
  const format = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 } as const
  return new Intl.NumberFormat(`${language.code}-u-nu-latn`, format).format(value)
}
