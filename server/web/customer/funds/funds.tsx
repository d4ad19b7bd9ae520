import { type Cause, causes } from '../../../ledger/sums.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Button } from '../../ui/form.tsx'
import { Empty, Notice } from '../../ui/notice.tsx'
import { appPage } from '../app-frame.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { AddFunds } from './add-funds.tsx'
import { bookName } from './asked.ts'
import type { FundsView } from './funds-view.ts'
import { Lines } from './lines.tsx'
import { type Month, monthText } from './months.ts'
import { OwedNotice } from './owed.tsx'
import { Proof } from './proof.tsx'
import { Sums } from './sums.tsx'
import { Wallet } from './wallet.tsx'

/** The balance and how long it lasts, the statement by month and cause, and its proof. */
export function fundsPage(ui: PageUi, view: FundsView): string {
  const { texts } = ui.frame
  const { book, lines, asked, older } = view
  return appPage({
    ui,
    title: texts.text('app.funds'),
    script: 'funds',
    children: (
      <>
        <Books texts={texts} view={view} />
        {book.owed < 0n && <OwedNotice texts={texts} owed={book.owed} currency={book.currency} canPay={view.add !== null} />}
        {view.add && <AddFunds ui={ui} view={view.add} />}
        <Wallet texts={texts} view={view} />
        {book.wallet === 0n && !book.play && view.add === null && (
          <Notice mood="warn">
            <strong>{texts.text('start.funds')}</strong>{' '}
            {view.fundsNote === undefined ? (
              texts.text('start.funds.text', { name: ui.frame.house.name })
            ) : (
              <span class="funds-note" dir="auto">
                {view.fundsNote}
              </span>
            )}
          </Notice>
        )}
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

/** The address of this page with another month, cause or start. */
function addressOf({ book, asked }: FundsView, { month = asked.month, cause = asked.cause, before }: Other): string {
  return address('/funds', { book: bookName(book), month: month?.name, cause, before })
}

/** Tabs for the account's books, if test keys have test money. */
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
