import type { BrowsedLines } from '../../../ledger/browse.ts'
import { causes } from '../../../ledger/sums.ts'
import { Choice } from '../../ui/choice.tsx'
import { Button, Field } from '../../ui/form.tsx'
import { Empty } from '../../ui/notice.tsx'
import { address } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { NewestLinks } from '../newest-links.tsx'
import { Select } from '../select.tsx'
import { type AskedLines, queryOf } from './asked.ts'
import { LineRows } from './line-rows.tsx'
import { MoneyTabs } from './money-tabs.tsx'

interface LedgerView extends BrowsedLines {
  readonly asked: AskedLines
  readonly isFirst: boolean
}

const PATH = `${DESK}/money`

/** The lines of all books, newest first. */
export function ledgerPage(context: DeskContext, view: LedgerView): string {
  const { texts } = context.ui.frame
  const { asked, lines, next, lookedBackTo, isFirst } = view
  return deskPage(context, {
    title: texts.text('desk.place.money'),
    children: (
      <>
        <MoneyTabs texts={texts} tab="/money" />
        <Filter context={context} asked={asked} />
        {lines.length === 0 && lookedBackTo === null ? (
          <Empty title={texts.text('desk.money.none')} text={texts.text('desk.money.searched')} />
        ) : (
          <div class="scroll">
            <LineRows texts={texts} lines={lines} />
          </div>
        )}
        {lookedBackTo !== null && (
          <p class="soft">
            {texts.text('desk.money.lookedBackTo')} <Moment texts={texts} at={lookedBackTo} />
          </p>
        )}
        <NewestLinks
          texts={texts}
          newest={isFirst ? null : address(PATH, queryOf(asked))}
          older={next === null ? null : address(PATH, { ...queryOf(asked), before: next })}
        />
      </>
    ),
  })
}

function Filter({ context, asked }: { context: DeskContext; asked: AskedLines }) {
  const { texts } = context.ui.frame
  return (
    <form method="get" action={PATH} class="desk-asked">
      <Field
        name="account"
        label={texts.text('desk.customers.account')}
        value={String(asked.account ?? '')}
        inputMode="numeric"
        dir="ltr"
      />
      <Select
        name="cause"
        label={texts.text('desk.money.cause')}
        value={asked.cause ?? ''}
        options={[['', texts.text('desk.customers.any')], ...causes.map((cause) => [cause, texts.text(`app.cause.${cause}`)] as const)]}
      />
      <Field name="until" type="date" label={texts.text('desk.money.until')} value={asked.until ?? ''} />
      <Field name="order" label={texts.text('desk.money.order')} value={String(asked.order ?? '')} inputMode="numeric" dir="ltr" />
      <Field name="reference" label={texts.text('desk.money.reference')} value={asked.reference} />
      <Choice type="checkbox" name="test" id="test" value="1" checked={asked.test} label={texts.text('desk.money.test')} />
      <Button type="submit">{texts.text('desk.customers.show')}</Button>
    </form>
  )
}
