import type { ComponentChildren } from 'preact'
import { keyAdd } from '../../../acts/key-add.ts'
import { keyRevoke } from '../../../acts/key-revoke.ts'
import { keySet } from '../../../acts/key-set.ts'
import { webhookAdd } from '../../../acts/webhook-add.ts'
import { webhookBalanceLow } from '../../../acts/webhook-balance-low.ts'
import { webhookPause } from '../../../acts/webhook-pause.ts'
import { webhookRemove } from '../../../acts/webhook-remove.ts'
import { webhookReplay } from '../../../acts/webhook-replay.ts'
import { webhookResume } from '../../../acts/webhook-resume.ts'
import { webhookRotate } from '../../../acts/webhook-rotate.ts'
import { webhookTest } from '../../../acts/webhook-test.ts'
import type { KeyRow } from '../../../customers/keys.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Badge } from '../../ui/badge.tsx'
import { Money } from '../../ui/figures.tsx'
import { Moment } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import { ActLink } from '../act-link.tsx'
import type { PartProps } from './part.ts'

/** How the customer's programs reach us, and how we reach them. */
export function CustomerPrograms(props: PartProps) {
  return (
    <>
      <Keys {...props} />
      <Webhooks {...props} />
    </>
  )
}

function Keys({ context, customer: { account, keys }, back }: PartProps) {
  const { texts } = context.ui.frame
  return (
    <section>
      <h2>{texts.text('desk.customers.keys')}</h2>
      {keys.length > 0 && (
        <div class="scroll">
          <Table
            caption={texts.text('desk.customers.keys')}
            headings={[
              texts.text('desk.customers.key'),
              texts.text('desk.customers.may'),
              texts.text('desk.customers.limits'),
              texts.text('desk.customers.lastUsed'),
              texts.text('desk.customers.acts'),
            ]}
            rows={keys.map((key) => [
              <KeyName key="name" texts={texts} row={key} now={context.now} />,
              key.scopes === null ? texts.text('desk.customers.everything') : key.scopes.join(', '),
              <Limits key="limits" texts={texts} row={key} currency={account.currency} />,
              key.lastUsedAt === null ? '–' : <Moment key="used" texts={texts} at={key.lastUsedAt} />,
              key.revokedAt === null && (
                <span key="acts" class="buttons">
                  <ActLink context={context} act={keySet} with={{ key: String(key.id) }} back={back} look="small" />
                  <ActLink context={context} act={keyRevoke} with={{ key: String(key.id) }} back={back} look="small" />
                </span>
              ),
            ])}
          />
        </div>
      )}
      <p class="buttons">
        <ActLink context={context} act={keyAdd} with={{ account: String(account.id) }} back={back} look="small" />
      </p>
    </section>
  )
}

function KeyName({ texts, row: { prefix, label, test, revokedAt, expiresAt }, now }: { texts: Texts; row: KeyRow; now: Date }) {
  const isExpired = expiresAt !== null && expiresAt <= now
  return (
    <>
      <code dir="ltr">{prefix}…</code> <bdi>{label}</bdi> {test && <Badge tone="idle">{texts.text('desk.customers.test')}</Badge>}
      {revokedAt !== null && <Badge tone="bad">{texts.text('desk.customers.revoked')}</Badge>}
      {revokedAt === null && isExpired && <Badge tone="warn">{texts.text('desk.customers.expired')}</Badge>}
    </>
  )
}

function Limits({ texts, row, currency }: { texts: Texts; row: KeyRow; currency: string }) {
  const { dailyCap, spentToday, serviceIds, addresses, expiresAt } = row
  const limits: ComponentChildren[] = []
  if (dailyCap !== null) {
    limits.push(
      <>
        {texts.text('desk.customers.dailyCap')} <Money texts={texts} units={spentToday} currency={currency} /> /{' '}
        <Money texts={texts} units={dailyCap} currency={currency} />
      </>,
    )
  }
  if (serviceIds !== null) limits.push(texts.text('desk.customers.services', { count: serviceIds.length }))
  if (addresses !== null) limits.push(<bdi dir="ltr">{addresses.join(', ')}</bdi>)
  if (expiresAt !== null) {
    limits.push(
      <>
        {texts.text('desk.customers.until')} <Moment texts={texts} at={expiresAt} />
      </>,
    )
  }
  if (limits.length === 0) return <>–</>
  return (
    <ul class="plain-list small">
      {limits.map((limit, at) => (
        <li key={at}>{limit}</li>
      ))}
    </ul>
  )
}

function Webhooks({ context, customer: { account, webhooks }, back }: PartProps) {
  const { texts } = context.ui.frame
  const of = { account: String(account.id) }
  return (
    <section>
      <h2>{texts.text('desk.customers.webhooks')}</h2>
      {webhooks.length > 0 && (
        <div class="scroll">
          <Table
            caption={texts.text('desk.customers.webhooks')}
            headings={[
              texts.text('desk.customers.address'),
              texts.text('desk.customers.events'),
              texts.text('desk.customers.waiting'),
              texts.text('desk.customers.state'),
              texts.text('desk.customers.acts'),
            ]}
            figures={[2]}
            rows={webhooks.map((webhook) => [
              // Customers may have put a password behind the question mark.
              <bdi key="url" dir="ltr">
                {webhook.url.split('?', 1)[0]}
              </bdi>,
              webhook.events.join(', '),
              webhook.waiting,
              <WebhookState key="state" texts={texts} pausedAt={webhook.pausedAt} failingSince={webhook.failingSince} />,
              <span key="acts" class="buttons">
                {[webhookTest, webhook.pausedAt === null ? webhookPause : webhookResume, webhookReplay, webhookRotate, webhookRemove].map(
                  (act) => (
                    <ActLink key={act.name} context={context} act={act} with={{ webhook: String(webhook.id) }} back={back} look="small" />
                  ),
                )}
              </span>,
            ])}
          />
        </div>
      )}
      <p class="buttons">
        <ActLink context={context} act={webhookAdd} with={of} back={back} look="small" />
        <ActLink context={context} act={webhookBalanceLow} with={of} back={back} look="small" />
      </p>
    </section>
  )
}

interface StateProps {
  readonly texts: Texts
  readonly pausedAt: Date | null
  readonly failingSince: Date | null
}

function WebhookState({ texts, pausedAt, failingSince }: StateProps) {
  if (pausedAt !== null) return <Badge tone="idle">{texts.text('desk.customers.paused')}</Badge>
  if (failingSince !== null) return <Badge tone="bad">{texts.text('desk.customers.failing')}</Badge>
  return <Badge tone="good">{texts.text('desk.customers.working')}</Badge>
}
