import type { MessageKey } from '../../../../contract/message.ts'
import type { DepositNews } from '../../../payments/news.ts'
import type { NextStep } from '../../../payments/payments.ts'
import type { CallRow, NewsRow } from '../../../payments/read-payment.ts'
import type { LogLine } from '../../../staff/log.ts'
import { Moment } from '../../ui/parts.tsx'
import { actTitle } from '../act-words.ts'
import { DESK, type DeskContext } from '../desk.ts'

/** Where the payer was led, or what the transfer must say. */
export function ToldPayer({ context, step }: { readonly context: DeskContext; readonly step: NextStep | null }) {
  const { texts } = context.ui.frame
  if (step === null) return null
  return (
    <details class="fold">
      <summary>{texts.text('desk.payments.toldPayer')}</summary>
      {step.kind === 'redirect' ? (
        <p class="break">
          <bdi dir="ltr">{step.url}</bdi>
        </p>
      ) : (
        <dl class="own-facts">
          {step.lines.map(({ name, text }) => (
            <>
              <dt>{texts.text(`desk.payments.line.${name}`)}</dt>
              <dd>
                <bdi dir="ltr">{text}</bdi>
              </dd>
            </>
          ))}
        </dl>
      )}
    </details>
  )
}

/** What staff did about it, with why. */
export function Decisions({ context, lines }: { readonly context: DeskContext; readonly lines: readonly LogLine[] }) {
  const { texts } = context.ui.frame
  if (lines.length === 0) return null
  return (
    <section>
      <h2>{texts.text('desk.payments.decisions')}</h2>
      <ul class="rows">
        {lines.map(({ line, act, who, at, input }) => (
          <li key={line}>
            <div>
              <p>
                <a href={`${DESK}/log/${line}`}>{actTitle(texts, act)}</a> · <bdi>{who}</bdi> · <Moment texts={texts} at={new Date(at)} />
              </p>
              <p class="soft">
                <bdi>{(input as { reason?: string }).reason ?? ''}</bdi>
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}

const NEWS: Readonly<Record<DepositNews, MessageKey>> = {
  credited: 'desk.payments.news.credited',
  reversed: 'desk.payments.news.reversed',
  'won back': 'desk.payments.news.won-back',
  open: 'desk.payments.state.open',
  seen: 'desk.payments.state.seen',
  expired: 'desk.payments.state.expired',
  failed: 'desk.payments.state.failed',
  declined: 'desk.payments.news.declined',
  review: 'desk.payments.state.review',
  paid: 'desk.payments.state.paid',
}

/** What the customer was told, or is about to be. */
export function News({ context, news }: { readonly context: DeskContext; readonly news: readonly NewsRow[] }) {
  const { texts } = context.ui.frame
  if (news.length === 0) return null
  return (
    <details class="fold">
      <summary>{texts.text('desk.payments.news')}</summary>
      <ol class="desk-news">
        {news.map(({ what, at, toldAt }) => (
          <li key={`${what} ${at.toISOString()}`}>
            {texts.text(NEWS[what])}{' '}
            <span class="small soft">
              <Moment texts={texts} at={at} />
              {toldAt === null && <> · {texts.text('desk.payments.notToldYet')}</>}
            </span>
          </li>
        ))}
      </ol>
    </details>
  )
}

/** What the gateway sent, as it sent it. */
export function Calls({ context, calls }: { readonly context: DeskContext; readonly calls: readonly CallRow[] }) {
  const { texts } = context.ui.frame
  if (calls.length === 0) return null
  return (
    <details class="fold">
      <summary>{texts.text('desk.payments.calls', { count: calls.length })}</summary>
      <p class="small soft">{texts.text('desk.payments.calls.kept')}</p>
      {calls.map(({ id, at, times, verb, query, body, isHandled }) => (
        <article key={id} class="desk-call">
          <p class="small">
            <b dir="ltr">{verb}</b> <Moment texts={texts} at={at} /> {times > 1 && `× ${times}`}{' '}
            {!isHandled && <span class="bad">{texts.text('desk.payments.calls.waits')}</span>}
          </p>
          {query !== '' && (
            <p class="small break">
              <bdi dir="ltr">?{query}</bdi>
            </p>
          )}
          <pre dir="ltr" tabIndex={0}>
            {body}
          </pre>
        </article>
      ))}
    </details>
  )
}
