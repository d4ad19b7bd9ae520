import type { JobStanding } from '../../../jobs/jobs.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Badge } from '../../ui/badge.tsx'
import { Empty } from '../../ui/notice.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import { actTitle } from '../act-words.ts'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'

import { FILES } from './files-routes.ts'

export const JOBS = '/desk/jobs'

export function jobsPage(context: DeskContext, jobs: readonly JobStanding[], next: bigint | null): string {
  const { texts } = context.ui.frame
  return deskPage(context, {
    title: texts.text('desk.place.jobs'),
    lead: texts.text('desk.jobs.lead'),
    actions: (
      <a class="button plain" href={FILES}>
        {texts.text('desk.files')}
      </a>
    ),
    children: (
      <>
        {jobs.length === 0 ? (
          <Empty title={texts.text('desk.jobs.none')} text={texts.text('desk.jobs.noneYet')}>
            <a class="button main" href="/desk/orders">
              {texts.text('desk.place.orders')}
            </a>
          </Empty>
        ) : (
          <div class="scroll" tabIndex={0} role="region" aria-label={texts.text('desk.place.jobs')}>
            <table class="desk-table">
              <caption class="visually-hidden">{texts.text('desk.place.jobs')}</caption>
              <thead>
                <tr>
                  {(['job', 'what', 'who', 'made', 'progress', 'state'] as const).map((name) => (
                    <th key={name} scope="col">
                      {texts.text(`desk.jobs.column.${name}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody data-live-region="jobs">
                {jobs.map((job) => (
                  <JobRow key={job.id} texts={texts} job={job} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        <PageLinks links={[{ href: next === null ? null : address(JOBS, { before: next }), text: texts.text('desk.orders.older') }]} />
      </>
    ),
  })
}

function JobRow({ texts, job }: { readonly texts: Texts; readonly job: JobStanding }) {
  return (
    <tr data-row>
      <th scope="row">
        <a href={`${JOBS}/${job.id}`}>{job.id.toString()}</a>
      </th>
      <td>
        {actTitle(texts, job.act)}
        {job.trial && <span class="soft small"> {texts.text('desk.jobs.trial')}</span>}
      </td>
      <td>
        <bdi>{job.who}</bdi>
      </td>
      <td>
        <Moment texts={texts} at={job.madeAt} />
      </td>
      <td>
        <Progress texts={texts} job={job} />
      </td>
      <td>
        <JobState texts={texts} job={job} />
      </td>
    </tr>
  )
}

export function Progress({ texts, job: { orders, done, refused } }: { readonly texts: Texts; readonly job: JobStanding }) {
  const text = texts.text('desk.jobs.progress', { done: done + refused, orders })
  return (
    <span class="delivered">
      <bdi class="figure">{text}</bdi>
      <progress max={orders} value={done + refused} aria-label={`${texts.text('desk.jobs.column.progress')}: ${text}`} />
    </span>
  )
}

export function JobState({ texts, job: { endedAt, whyEnded, stopAskedBy } }: { readonly texts: Texts; readonly job: JobStanding }) {
  if (endedAt === null) return <Badge tone="busy">{texts.text(stopAskedBy === null ? 'desk.jobs.goesOn' : 'desk.jobs.stopping')}</Badge>
  return whyEnded === null ? (
    <Badge tone="good">{texts.text('desk.jobs.ended')}</Badge>
  ) : (
    <>
      <Badge tone="warn">{texts.text('desk.jobs.endedEarly')}</Badge> <span class="soft small">{whyEnded}</span>
    </>
  )
}
