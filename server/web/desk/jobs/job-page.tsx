import { jobStop } from '../../../acts/job-stop.ts'
import type { JobOrder, JobStanding, JobSums } from '../../../jobs/jobs.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Badge } from '../../ui/badge.tsx'
import { Money } from '../../ui/figures.tsx'
import { Notice } from '../../ui/notice.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { Form, Moment, Submit } from '../../ui/parts.tsx'
import { ActLink } from '../act-link.tsx'
import { actTitle, fieldLabel } from '../act-words.ts'
import { valueText } from '../changes.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { JOBS, JobState, Progress } from './jobs-page.tsx'

interface JobView {
  readonly job: JobStanding
  readonly sums: JobSums
  readonly orders: readonly JobOrder[]
  readonly isFirst: boolean
  readonly next: bigint | null
}

/** One change of many orders: how far it is, what it did or would do, and to which orders. */
export function jobPage(context: DeskContext, { job, sums, orders, isFirst, next }: JobView): string {
  const { texts } = context.ui.frame
  const here = `${JOBS}/${job.id}`
  const title = texts.text(job.trial ? 'desk.jobs.titleTrial' : 'desk.jobs.title', {
    job: job.id.toString(),
    act: actTitle(texts, job.act),
  })
  return deskPage(context, {
    title,
    lead: (
      <>
        <bdi>{job.who}</bdi> · <Moment texts={texts} at={job.madeAt} />
      </>
    ),
    children: (
      <div class="desk-job">
        <div data-live-region={`job-${job.id}`}>
          <p class="job-progress">
            <JobState texts={texts} job={job} /> <Progress texts={texts} job={job} />
            {job.endedAt === null && <ActLink context={context} act={jobStop} with={{ job: job.id.toString() }} back={here} look="bad" />}
          </p>
          <Outcome texts={texts} job={job} sums={sums} />
          {job.trial && job.endedAt !== null && <Decision context={context} job={job} />}
        </div>
        <With texts={texts} job={job} />
        <p class="ways">
          <a class="button plain" href={`${here}/result.csv`} download>
            CSV
          </a>
          <a class="button plain" href={`${here}/result.jsonl`} download>
            JSON lines
          </a>
        </p>
        <Orders texts={texts} trial={job.trial} orders={orders} />
        <PageLinks
          links={[
            { href: isFirst ? null : here, text: texts.text('desk.jobs.first') },
            { href: next === null ? null : address(here, { after: next }), text: texts.text('desk.jobs.next') },
          ]}
        />
      </div>
    ),
  })
}

/** How many changed and how many not and why, and what it did to the money; of a trial: what it would do. */
function Outcome({ texts, job, sums }: { readonly texts: Texts; readonly job: JobStanding; readonly sums: JobSums }) {
  return (
    <dl class="own-facts outcome-facts">
      <dt>{texts.text(job.trial ? 'desk.jobs.wouldChange' : 'desk.jobs.changed')}</dt>
      <dd>{texts.number(job.done)}</dd>
      <dt>{texts.text(job.trial ? 'desk.jobs.wouldGiveBack' : 'desk.jobs.gaveBack')}</dt>
      <dd>
        {sums.givenBack.length === 0
          ? texts.text('desk.jobs.nothingBack')
          : sums.givenBack.map(({ currency, amount }) => (
              <div key={currency}>
                <Money texts={texts} units={amount} currency={currency} />
              </div>
            ))}
      </dd>
      <dt>{texts.text('desk.jobs.cannot')}</dt>
      <dd>
        {texts.number(job.refused)}
        {sums.refused.length > 0 && (
          <ul>
            {sums.refused.map(({ words, orders, example }) => (
              <li key={words}>
                {texts.number(orders)}: {words} (<a href={`/desk/orders/${example}`}>{example.toString()}</a>
                {orders > 1 && ' …'})
              </li>
            ))}
          </ul>
        )}
      </dd>
    </dl>
  )
}

/** After a trial: nothing has changed yet. */
function Decision({ context, job }: { readonly context: DeskContext; readonly job: JobStanding }) {
  const { ui, staff } = context
  const { texts } = ui.frame
  if (job.whyEnded !== null) return <Notice mood="warn">{texts.text('desk.jobs.triedInPart')}</Notice>
  if (job.done === 0) return <Notice mood="plain">{texts.text('desk.jobs.nothingToDo')}</Notice>
  if (!staff.may.has('orders.settle')) return null
  return (
    <>
      <Notice mood="plain">{texts.text('desk.form.nothingYet')}</Notice>
      <Form ui={ui} action={`${JOBS}/${job.id}/do`} class="form">
        <div class="buttons">
          <Submit look="bad">{texts.text('desk.jobs.do', { act: actTitle(texts, job.act), count: job.done })}</Submit>
          <a class="button plain" href="/desk/orders">
            {texts.text('desk.jobs.leave')}
          </a>
        </div>
      </Form>
    </>
  )
}

function With({ texts, job }: { readonly texts: Texts; readonly job: JobStanding }) {
  const fields = Object.entries(job.input)
  if (fields.length === 0 && job.ofTrial === null) return null
  return (
    <dl class="own-facts">
      {fields.map(([name, value]) => (
        <>
          <dt>{fieldLabel(texts, name)}</dt>
          <dd>
            <bdi>{valueText(texts, value)}</bdi>
          </dd>
        </>
      ))}
      {job.ofTrial !== null && (
        <>
          <dt>{texts.text('desk.jobs.ofTrial')}</dt>
          <dd>
            <a href={`${JOBS}/${job.ofTrial}`}>{job.ofTrial.toString()}</a>
          </dd>
        </>
      )}
    </dl>
  )
}

const TONES = { waiting: 'idle', done: 'good', refused: 'warn' } as const

function Orders({ texts, trial, orders }: { readonly texts: Texts; readonly trial: boolean; readonly orders: readonly JobOrder[] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={texts.text('desk.place.orders')}>
      <table class="desk-table">
        <caption class="visually-hidden">{texts.text('desk.place.orders')}</caption>
        <thead>
          <tr>
            {(['order', 'outcome', 'back', 'words', 'line'] as const).map((name) => (
              <th key={name} scope="col">
                {texts.text(`desk.jobs.column.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody data-live-region="job-orders">
          {orders.map(({ order, state, words, line, givenBack, currency }) => (
            <tr key={order} data-row>
              <th scope="row">
                <a href={`/desk/orders/${order}`}>{order.toString()}</a>
              </th>
              <td>
                <Badge tone={TONES[state]}>
                  {texts.text(trial && state === 'done' ? 'desk.jobs.order.would' : `desk.jobs.order.${state}`)}
                </Badge>
              </td>
              <td class="figures">
                {givenBack !== null && currency !== null && <Money texts={texts} units={givenBack} currency={currency} />}
              </td>
              <td lang="en">{words}</td>
              <td>{line !== null && <a href={`${DESK}/log/${line}`}>{line.toString()}</a>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
