import { acts } from '../../../acts/acts.ts'
import type { LogFilter, LogLine } from '../../../staff/log.ts'
import { ownActs } from '../../../staff/own.ts'
import type { StaffRow } from '../../../staff/staff-table.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Button, Field } from '../../ui/form.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { Form, Moment, Submit } from '../../ui/parts.tsx'
import { actTitle } from '../act-words.ts'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { Differences } from './differences.tsx'

interface LogView {
  readonly lines: readonly LogLine[]
  readonly filter: LogFilter
  /** For the choice of a person; empty for a reader who may not see the staff. */
  readonly people: readonly StaffRow[]
  /** The line that the next page continues from; null on the last page. */
  readonly older: bigint | null
}

const LOG = `${DESK}/log`

/** What staff did, newest first. */
export function logPage(context: DeskContext, { lines, filter, people, older }: LogView): string {
  const { ui } = context
  const { texts } = ui.frame
  return deskPage(context, {
    title: texts.text('desk.place.log'),
    lead: texts.text('desk.log.lead'),
    actions: (
      <Form ui={ui} action={`${LOG}/check`} class="inline">
        <Submit look="plain">{texts.text('desk.log.check')}</Submit>
      </Form>
    ),
    children: (
      <>
        <Filters texts={texts} filter={filter} people={people} />
        {lines.length === 0 ? <p>{texts.text('desk.log.none')}</p> : <Lines texts={texts} lines={lines} />}
        <PageLinks
          links={[{ href: older === null ? null : address(LOG, { ...filter, before: older }), text: texts.text('desk.log.older') }]}
        />
      </>
    ),
  })
}

const NUMBERS = ['account', 'order', 'service', 'supplier'] as const

function Filters({ texts, filter, people }: Pick<LogView, 'filter' | 'people'> & { readonly texts: Texts }) {
  const known = [...acts.map(({ name }) => name), ...ownActs].map((name) => ({ name, title: actTitle(texts, name) }))
  return (
    <form method="get" action={LOG} class="desk-filters">
      {people.length > 0 && (
        <div class="field">
          <label for="staff">{texts.text('desk.field.staff')}</label>
          <select id="staff" name="staff">
            <option value="">{texts.text('desk.log.anybody')}</option>
            {people.map(({ id, email }) => (
              <option key={id} value={id} selected={id === filter.staff}>
                {email}
              </option>
            ))}
          </select>
        </div>
      )}
      <div class="field">
        <label for="act">{texts.text('desk.log.act')}</label>
        <select id="act" name="act">
          <option value="">{texts.text('desk.log.anything')}</option>
          {known.map(({ name, title }) => (
            <option key={name} value={name} selected={name === filter.act}>
              {title}
            </option>
          ))}
        </select>
      </div>
      {NUMBERS.map((name) => (
        <Field
          key={name}
          name={name}
          label={texts.text(`desk.log.${name}`)}
          inputMode="numeric"
          dir="ltr"
          value={String(filter[name] ?? '')}
        />
      ))}
      <Button type="submit">{texts.text('desk.log.filter')}</Button>
    </form>
  )
}

function Lines({ texts, lines }: { readonly texts: Texts; readonly lines: readonly LogLine[] }) {
  const headings = ['at', 'who', 'act', 'about', 'changes'] as const
  return (
    <div class="scroll">
      <table class="desk-log">
        <caption class="visually-hidden">{texts.text('desk.place.log')}</caption>
        <thead>
          <tr>
            {headings.map((heading) => (
              <th key={heading} scope="col">
                {texts.text(`desk.log.${heading}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.line} data-row>
              <td>
                <Moment texts={texts} at={new Date(line.at)} />
              </td>
              <td>
                <bdi>{line.who}</bdi>
              </td>
              <th scope="row">
                <a href={`${LOG}/${line.line}`}>{actTitle(texts, line.act)}</a>
              </th>
              <td>
                <About texts={texts} line={line} />
              </td>
              <td>
                <Differences texts={texts} before={line.before} after={line.after} most={4} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const PAGES = { account: 'customers', order: 'orders', service: 'services', supplier: 'suppliers' } as const

/** What the act was about, with links to the pages of it. */
export function About({ texts, line }: { readonly texts: Texts; readonly line: LogLine }) {
  const named = NUMBERS.filter((name) => line[name] !== null)
  return (
    <>
      {named.map((name) => (
        <span key={name} class="desk-about">
          {texts.text(`desk.log.${name}`)} <a href={`${DESK}/${PAGES[name]}/${line[name]}`}>{String(line[name])}</a>{' '}
        </span>
      ))}
    </>
  )
}
