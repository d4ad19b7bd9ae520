import type { Pace } from '../../../ledger/pace.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Notice } from '../../ui/notice.tsx'
import { address } from '../../ui/page-links.tsx'
import { Money, moneyText } from '../../ui/figures.tsx'
import { bookName } from './asked.ts'
import type { FundsView } from './funds-view.ts'

const LOW_DAYS = 7

/** The balance, this month's spending, and how long the balance lasts. */
export function Wallet({ texts, view }: { texts: Texts; view: FundsView }) {
  const { book, spent, held, pace, asked } = view
  const { currency } = book
  const month = asked.month?.name
  return (
    <section class="wallet" aria-labelledby="balance">
      <div>
        <h2 id="balance" class="soft">
          {texts.text('app.balance')}
        </h2>
        <p class="wallet-balance">
          <Money texts={texts} units={book.wallet} currency={currency} />
        </p>
      </div>
      <dl class="wallet-facts">
        <div>
          <dt>{texts.text('funds.spent')}</dt>
          <dd>
            <Money texts={texts} units={spent} currency={currency} />
          </dd>
        </div>
        <div>
          <dt>{texts.text('funds.held')}</dt>
          <dd>
            {held.isMore ? (
              texts.text('funds.atLeast', { amount: moneyText(texts, held.units, currency) })
            ) : (
              <Money texts={texts} units={held.units} currency={currency} />
            )}
          </dd>
        </div>
        {pace && (
          <div>
            <dt>{texts.text('funds.lasts')}</dt>
            <dd>{pace.lasts === 0 ? texts.text('funds.lessThanDay') : texts.text('funds.days', { days: pace.lasts })}</dd>
          </div>
        )}
      </dl>
      <p class="ways">
        <a class="button plain" href={address('/funds/statement', { book: bookName(book), month: month ?? view.months[0]!.name })}>
          {texts.text('funds.statement')}
        </a>
        <a class="button plain" href={address('/funds.csv', { book: bookName(book), month })}>
          {texts.text('app.csv')}
        </a>
      </p>
      {pace && pace.lasts < LOW_DAYS && <Notice mood="warn">{texts.text('funds.low')}</Notice>}
      {pace && <PaceExplained texts={texts} pace={pace} currency={currency} />}
    </section>
  )
}

function PaceExplained({ texts, pace, currency }: { texts: Texts; pace: Pace; currency: string }) {
  const spent = moneyText(texts, pace.spent, currency)
  const daily = moneyText(texts, pace.spent / BigInt(pace.days), currency)
  return <p class="soft small wallet-pace">{texts.text('funds.pace', { days: pace.days, spent, daily })}</p>
}
