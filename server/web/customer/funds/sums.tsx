import type { Summary } from '../../../ledger/statement.ts'
import { type Cause, causes } from '../../../ledger/sums.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Money } from '../../ui/figures.tsx'
import { type Month, monthText } from './months.ts'

interface SumsProps {
  readonly texts: Texts
  readonly summary: Summary
  readonly currency: string
  readonly asked: { readonly month: Month | null; readonly cause: Cause | null }
  /** The address of the lines with this cause, or of all lines; undefined in print. */
  readonly linkOf?: (cause: Cause | null) => string
}

/** Opening balance + the sum of each cause = closing balance. A sum of zero is omitted, unless its cause is the requested one. */
export function Sums({ texts, summary: { opening, sums, closing }, currency, asked, linkOf }: SumsProps) {
  const shown = causes.filter((cause) => sums[cause] !== 0n || cause === asked.cause)
  return (
    <dl class="sums" aria-label={asked.month ? monthText(texts, asked.month) : texts.text('funds.allTime')}>
      <div>
        <dt>{texts.text('funds.opening')}</dt>
        <dd>
          <Money texts={texts} units={opening} currency={currency} />
        </dd>
      </div>
      {shown.map((cause) => (
        <div key={cause}>
          <dt>
            <span class="operator" aria-hidden="true">
              +
            </span>{' '}
            {linkOf ? (
              <a href={linkOf(cause === asked.cause ? null : cause)} aria-current={cause === asked.cause ? 'true' : undefined}>
                {texts.text(`funds.sum.${cause}`)}
              </a>
            ) : (
              texts.text(`funds.sum.${cause}`)
            )}
          </dt>
          <dd class={sums[cause] > 0n ? 'in' : undefined}>
            <Money texts={texts} units={sums[cause]} currency={currency} />
          </dd>
        </div>
      ))}
      <div class="closing">
        <dt>
          <span class="operator" aria-hidden="true">
            =
          </span>{' '}
          {texts.text('funds.closing')}
        </dt>
        <dd>
          <Money texts={texts} units={closing} currency={currency} />
        </dd>
      </div>
    </dl>
  )
}
