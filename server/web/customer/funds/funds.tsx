import type { Pace } from '../../../ledger/pace.ts'
import type { HashedLine, Line, Seal } from '../../../ledger/seal.ts'
import type { OwnBook, Summary } from '../../../ledger/statement.ts'
import { type Cause, causes } from '../../../ledger/sums.ts'
import type { Held } from '../../../orders/held.ts'
import type { Texts } from '../../texts/texts.ts'
import { Button } from '../../ui/form.tsx'
import { Empty, Notice } from '../../ui/notice.tsx'
import { address, appPage, PageLinks } from '../app-frame.tsx'
import { Money, moneyText } from '../figures.tsx'
import type { Scene } from '../scene.ts'
import { Lines } from './lines.tsx'
import { type Month, monthText } from './months.ts'
import { Proof } from './proof.tsx'
import { Sums } from './sums.tsx'

export interface FundsView {
  readonly book: OwnBook
  readonly books: readonly OwnBook[]
  /** Newest first. */
  readonly months: readonly Month[]
  readonly asked: { readonly month: Month | null; readonly cause: Cause | null; readonly isOlder: boolean }
  /** Of the month that is asked for, or of all. */
  readonly summary: Summary
  /** Newest first. */
  readonly lines: readonly Line[]
  /** The same lines with their hashes; null where they do not follow one another. */
  readonly chain: { readonly previous: string; readonly lines: readonly HashedLine[] } | null
  /** Before and after the lines of this page. */
  readonly opening: bigint
  readonly closing: bigint
  readonly older: bigint | null
  readonly spent: bigint
  readonly held: Held
  readonly pace: Pace | null
  readonly seal: Seal | undefined
}

/** What is there and how long it lasts; the statement, by month and cause; its proof. */
export function fundsPage(scene: Scene, view: FundsView): string {
  const { texts } = scene.frame
  const { book, lines, asked, older } = view
  return appPage({
    scene,
    title: texts.text('app.funds'),
    script: 'funds',
    children: (
      <>
        <Books texts={texts} view={view} />
        <Wallet texts={texts} view={view} />
        {book.firstAt === null ? (
          <Empty title={texts.text('app.noLines.title')} text={texts.text('app.noLines.text')} />
        ) : (
          <>
            <Filter texts={texts} view={view} />
            <Sums
              texts={texts}
              summary={view.summary}
              currency={book.currency}
              asked={asked}
              linkOf={(cause) => addressOf(view, { cause })}
            />
            {lines.length === 0 ? (
              <Empty title={texts.text('app.nothingFound.title')} text={texts.text('app.nothingFound.text')}>
                <a class="button plain" href={addressOf(view, { month: null, cause: null })}>
                  {texts.text('app.showAll')}
                </a>
              </Empty>
            ) : (
              <Lines texts={texts} view={view} />
            )}
            <PageLinks
              links={[
                { href: asked.isOlder ? addressOf(view, {}) : null, text: texts.text('app.newest') },
                { href: older === null ? null : addressOf(view, { before: older }), text: texts.text('app.older') },
              ]}
            />
            <Proof texts={texts} view={view} />
          </>
        )}
      </>
    ),
  })
}

interface Other {
  readonly month?: Month | null
  readonly cause?: Cause | null
  readonly before?: bigint
}

/** This page with something else asked for. */
function addressOf({ book, asked }: FundsView, { month = asked.month, cause = asked.cause, before }: Other): string {
  return address('/funds', { book: bookName(book), month: month?.name, cause, before })
}

function bookName({ play }: OwnBook): string | null {
  return play ? 'test' : null
}

/** Where test keys have play money, it is a place of its own. */
function Books({ texts, view: { book, books } }: { texts: Texts; view: FundsView }) {
  if (books.length < 2) return null
  return (
    <>
      <nav class="tabs-inline" aria-label={texts.text('funds.books')}>
        {books.map((one) => (
          <a key={one.id} href={address('/funds', { book: bookName(one) })} aria-current={one === book ? 'page' : undefined}>
            {texts.text(one.play ? 'funds.test' : 'funds.real')}
          </a>
        ))}
      </nav>
      {book.play && <Notice mood="plain">{texts.text('funds.test.text')}</Notice>}
    </>
  )
}

const LOW_DAYS = 7

function Wallet({ texts, view }: { texts: Texts; view: FundsView }) {
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

function Filter({ texts, view: { book, months, asked } }: { texts: Texts; view: FundsView }) {
  return (
    <form method="get" action="/funds" class="filter">
      {book.play && <input type="hidden" name="book" value="test" />}
      <div class="field">
        <label for="month">{texts.text('funds.month')}</label>
        <select id="month" name="month">
          <option value="">{texts.text('funds.allTime')}</option>
          {months.map((month) => (
            <option key={month.name} value={month.name} selected={month === asked.month}>
              {monthText(texts, month)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="cause">{texts.text('app.movement')}</label>
        <select id="cause" name="cause">
          <option value="">{texts.text('app.allStatuses')}</option>
          {causes.map((cause) => (
            <option key={cause} value={cause} selected={cause === asked.cause}>
              {texts.text(`funds.sum.${cause}`)}
            </option>
          ))}
        </select>
      </div>
      <Button type="submit">{texts.text('app.show')}</Button>
    </form>
  )
}
