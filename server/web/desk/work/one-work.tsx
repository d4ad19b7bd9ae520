import { orderCancel } from '../../../acts/order-cancel.ts'
import { orderComplete } from '../../../acts/order-complete.ts'
import { orderPartial } from '../../../acts/order-partial.ts'
import { workClaim } from '../../../acts/work-claim.ts'
import { workRelease } from '../../../acts/work-release.ts'
import type { OrderStep } from '../../../fulfilment/staff.ts'
import type { WorkRow } from '../../../fulfilment/work.ts'
import { countText } from '../../ui/figures.tsx'
import { Field } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { address } from '../../ui/page-links.tsx'
import { Form, Moment, OrderLink, Submit } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { ClaimButton, Who } from './work.tsx'

interface OneWork {
  readonly work: WorkRow
  readonly steps: readonly OrderStep[]
  readonly fault: string | undefined
  /** The reader has taken it. */
  readonly isMine: boolean
}

/** One order that is done by hand: what to do, how far it is, and who has it. */
export function oneWorkPage(context: DeskContext, { work, steps, fault, isMine }: OneWork): string {
  const { texts } = context.ui.frame
  return deskPage(context, {
    title: texts.text('desk.work.title', { order: String(work.order) }),
    lead: <a href={address(`${DESK}/work`, { show: isMine ? 'mine' : '' })}>{texts.text('desk.work.back')}</a>,
    script: isMine ? 'desk-work' : 'site',
    children: (
      <div class="desk-one-work">
        {fault !== undefined && <Notice mood="bad">{fault}</Notice>}
        {work.cancel_asked && !work.ended && <Notice mood="warn">{texts.text('desk.work.cancelAsked.long')}</Notice>}
        <Facts context={context} work={work} />
        {work.ended ? (
          <Notice mood="good">
            {texts.text('desk.work.ended', { status: texts.text(`app.status.${STATUS_KEYS[work.status] ?? 'completed'}`) })}
          </Notice>
        ) : isMine ? (
          <Mine context={context} work={work} />
        ) : (
          <Take context={context} work={work} />
        )}
        <section>
          <h2>{texts.text('desk.work.timeline')}</h2>
          <div class="scroll" tabIndex={0}>
            <Table
              caption={texts.text('desk.work.timeline')}
              headings={[
                texts.text('desk.work.at'),
                texts.text('desk.work.by'),
                texts.text('desk.work.status'),
                texts.text('desk.work.words'),
              ]}
              rows={steps.map((step) => [
                <Moment texts={texts} at={step.at} />,
                <bdi>{step.by}</bdi>,
                <span lang="en">{step.status}</span>,
                <span lang="en">{step.words ?? ''}</span>,
              ])}
            />
          </div>
        </section>
      </div>
    ),
  })
}

function Facts({ context, work }: { context: DeskContext; work: WorkRow }) {
  const { texts } = context.ui.frame
  return (
    <dl class="own-facts" data-live-region="facts">
      <dt>{texts.text('desk.work.service')}</dt>
      <dd>
        {work.service} <bdi>{work.service_name}</bdi>
      </dd>
      <dt>{texts.text('desk.work.link')}</dt>
      <dd>
        <OrderLink texts={texts} link={work.link} />
      </dd>
      {Object.entries(work.parameters ?? {}).map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd class="given">
            <bdi>{value}</bdi>
          </dd>
        </>
      ))}
      <dt>{texts.text('desk.work.quantity')}</dt>
      <dd>{countText(texts, work.quantity)}</dd>
      <dt>{texts.text('desk.work.startCount')}</dt>
      <dd>{countText(texts, work.start_count)}</dd>
      <dt>{texts.text('desk.work.remains')}</dt>
      <dd>{countText(texts, work.remains)}</dd>
      <dt>{texts.text('desk.work.waitsSince')}</dt>
      <dd>
        <Moment texts={texts} at={work.placed_at} />
      </dd>
      <dt>{texts.text('desk.work.who')}</dt>
      <dd>
        <Who context={context} row={work} />
      </dd>
    </dl>
  )
}

/** What whoever has it can do. The page's script gives signs of life while it is open. */
function Mine({ context, work }: { context: DeskContext; work: WorkRow }) {
  const { ui } = context
  const { texts } = ui.frame
  const path = `${DESK}/work/${work.order}`
  const order = String(work.order)
  const next = `${DESK}/work`
  return (
    <section>
      <p class="soft" data-hold={`${path}/hold`} data-lost={texts.text('desk.work.lost')} data-csrf={ui.csrf} role="status">
        {texts.text('desk.work.yours')}
      </p>
      <Form ui={ui} action={`${path}/counts`} class="counts">
        <Field
          name="start_count"
          label={texts.text('desk.work.startCount')}
          value={work.start_count === 0n ? '' : String(work.start_count)}
          inputMode="numeric"
          dir="ltr"
        />
        <Field name="remains" label={texts.text('desk.work.remains')} value={String(work.remains)} inputMode="numeric" dir="ltr" />
        <Submit look="plain">{texts.text('desk.work.save')}</Submit>
      </Form>
      <div class="buttons">
        <ActLink context={context} act={orderComplete} with={{ order }} back={next} text={texts.text('desk.work.finish')} look="main" />
        <ActLink
          context={context}
          act={orderPartial}
          with={{ order, remains: String(work.remains) }}
          back={next}
          text={texts.text('desk.work.partly')}
        />
        <ActLink
          context={context}
          act={orderCancel}
          with={{ order, refund_now: 'yes' }}
          back={next}
          text={texts.text('desk.work.cannot')}
          look="bad"
        />
        <ActLink context={context} act={workRelease} with={{ order }} back={next} />
      </div>
    </section>
  )
}

function Take({ context, work }: { context: DeskContext; work: WorkRow }) {
  const { texts } = context.ui.frame
  const isFree = work.claimed_by === null && !work.sent
  const path = `${DESK}/work/${work.order}`
  return (
    <div class="buttons">
      {work.claimed_by === null && <ClaimButton context={context} order={work.order} look="main" />}
      {!isFree && (
        <ActLink
          context={context}
          act={workClaim}
          with={{ order: String(work.order), take_over: 'yes' }}
          back={path}
          text={texts.text('desk.work.takeOver')}
        />
      )}
    </div>
  )
}

const STATUS_KEYS: Readonly<Record<string, 'completed' | 'partial' | 'canceled'>> = {
  Completed: 'completed',
  Partial: 'partial',
  Canceled: 'canceled',
}
