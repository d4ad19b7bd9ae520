import type { Closed, Trouble } from '../../../reports/attention.ts'
import type { TroubleKind } from '../../../reports/trouble-kinds.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { measuredText } from '../../ui/figures.tsx'
import { Button } from '../../ui/form.tsx'
import { Empty, Notice } from '../../ui/notice.tsx'
import { address } from '../../ui/page-links.tsx'
import { Form, Moment, OpenLink } from '../../ui/parts.tsx'
import { Prose } from '../../ui/prose.tsx'
import { Table } from '../../ui/table.tsx'
import { actAddress } from '../act-link.tsx'
import { actTitle } from '../act-words.ts'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { actsFor, type TroubleAct } from './trouble-acts.ts'
import { whyAtEnd } from '../payments/evidence-words.ts'
import { alertTitle, childText, pauseText, troubleTitle } from './trouble-words.ts'

interface AttentionView {
  /** Those that the reader may see. */
  readonly kinds: readonly TroubleKind[]
  readonly kind: TroubleKind | null
  readonly troubles: readonly Trouble[]
  readonly closed: readonly Closed[]
  readonly mostOfAKind: number
}

/** One queue of everything that needs a person, newest first. */
export function attentionPage(context: DeskContext, view: AttentionView): string {
  const { texts } = context.ui.frame
  const isCut = view.kinds.some((kind) => view.troubles.filter((trouble) => trouble.kind === kind).length >= view.mostOfAKind)
  return deskPage(context, {
    title: texts.text('desk.place.attention'),
    lead: texts.text('desk.attention.lead'),
    script: 'desk-attention',
    children: (
      <>
        <Filter context={context} view={view} />
        <div data-live-region="attention" data-worked>
          {view.troubles.length === 0 && (
            <Empty title={texts.text('desk.attention.none.title')} text={texts.text('desk.attention.none.text')} />
          )}
          <ol class="troubles">
            {view.troubles.map((trouble) => (
              <TroubleRow
                key={keyOf(trouble)}
                context={context}
                trouble={trouble}
                back={address(`${DESK}/attention`, { kind: view.kind })}
              />
            ))}
          </ol>
          {isCut && <Notice mood="plain">{texts.text('desk.attention.more')}</Notice>}
        </div>
        <p class="soft small needs-script">
          <Prose text={texts.text('desk.attention.keys')} />
        </p>
        <ClosedLately context={context} closed={view.closed} />
        <dialog class="act-panel" aria-label={texts.text('desk.place.attention')} />
      </>
    ),
  })
}

function keyOf({ kind, order, alert, approval, service, supplier, payment, receipt, account, ticket, panel }: Trouble): string {
  return [kind, order, alert, approval, service, supplier, payment, receipt, account, ticket, panel].join(' ')
}

function Filter({ context, view: { kinds, kind } }: { readonly context: DeskContext; readonly view: AttentionView }) {
  const { texts } = context.ui.frame
  return (
    <form method="get" action={`${DESK}/attention`} class="filter">
      <div class="field">
        <label for="kind">{texts.text('desk.attention.filter')}</label>
        <select id="kind" name="kind">
          <option value="">{texts.text('desk.attention.all')}</option>
          {kinds.map((one) => (
            <option key={one} value={one} selected={one === kind}>
              {troubleTitle(texts, one)}
            </option>
          ))}
        </select>
      </div>
      <Button type="submit">{texts.text('desk.attention.show')}</Button>
    </form>
  )
}

interface TroubleRowProps {
  readonly context: DeskContext
  readonly trouble: Trouble
  readonly back: string
}

const TONES: Readonly<Partial<Record<TroubleKind, Tone>>> = {
  unconfirmed: 'bad',
  refused: 'bad',
  supplier: 'bad',
  approval: 'busy',
  owing: 'bad',
  child: 'bad',
}

function TroubleRow({ context, trouble, back }: TroubleRowProps) {
  const { texts } = context.ui.frame
  const { kind, at, alertKind, words, usual, link } = trouble
  const said = words === null ? null : saidOf(texts, kind, words)
  return (
    <li data-row class="trouble">
      <p class="trouble-head">
        <Subject context={context} trouble={trouble} />
        <Badge tone={TONES[kind] ?? 'warn'}>{alertKind === null ? troubleTitle(texts, kind) : alertTitle(texts, alertKind)}</Badge>
        <span class="soft small">
          <Moment texts={texts} at={at} />
        </span>
      </p>
      {link !== null && (
        <p class="small">
          <bdi dir="ltr">
            <OpenLink link={link} />
          </bdi>
        </p>
      )}
      {said !== null && said !== '' && (
        <p class="trouble-words">
          <bdi>{said}</bdi>
        </p>
      )}
      {trouble.isParent && alertKind === 'supplier refuses our key' && (
        <p>{texts.text('desk.attention.parentKey', { supplier: trouble.supplier! })}</p>
      )}
      {usual !== null && <p class="soft small">{texts.text('desk.attention.usual', { time: measuredText(texts, Number(usual)) })}</p>}
      <div class="buttons">
        {actsFor(trouble).map((one) => (
          <ActButton key={one.letter} context={context} one={one} back={back} />
        ))}
      </div>
    </li>
  )
}

function saidOf(texts: Texts, kind: TroubleKind, words: string): string {
  if (kind === 'catalogue') return pauseText(texts, words)
  if (kind === 'child') return childText(texts, words)
  return kind === 'receipt' || kind === 'payment' ? whyAtEnd(texts, words) : words
}

/** What it is about; its first link is what Enter opens. */
function Subject({ context, trouble }: Omit<TroubleRowProps, 'back'>) {
  const { texts } = context.ui.frame
  const { order, supplier, service, serviceName, approval, account, ticket, panel, panelHost } = trouble
  const parts = [
    ...(ticket === null ? [] : [{ href: `${DESK}/tickets/${ticket}`, text: texts.text('tickets.number', { id: ticket.toString() }) }]),
    ...(panel === null ? [] : [{ href: `${DESK}/children/${panel}`, text: panelHost! }]),
    ...moneyParts(texts, trouble),
    ...(account === null ? [] : [{ href: `${DESK}/customers/${account}`, text: texts.text('desk.attention.account', { account: String(account) }) }]), // prettier-ignore
    ...(order === null ? [] : [{ href: `${DESK}/orders/${order}`, text: texts.text('desk.attention.order', { order: String(order) }) }]),
    ...(approval === null ? [] : [{ href: `${DESK}/approvals`, text: texts.text('desk.attention.approval', { approval: String(approval) }) }]), // prettier-ignore
    ...(service === null
      ? []
      : [{ href: `${DESK}/services/${service}`, text: texts.text('desk.attention.service', { service: [service, serviceName].filter((part) => part !== null).join(' · ') }) }]), // prettier-ignore
    ...(supplier === null ? [] : [{ href: address(`${DESK}/suppliers`, { name: supplier }), text: texts.text('desk.attention.supplier', { supplier }) }]), // prettier-ignore
  ]
  return (
    <span class="trouble-subject">
      {parts.map(({ href, text }) => (
        <a key={href} href={href}>
          <bdi>{text}</bdi>
        </a>
      ))}
    </span>
  )
}

function moneyParts(texts: Texts, { payment, receipt }: Trouble): { readonly href: string; readonly text: string }[] {
  if (payment !== null)
    return [{ href: `${DESK}/payments/${payment}`, text: texts.text('desk.attention.payment', { payment: String(payment) }) }]
  if (receipt === null) return []
  return [{ href: `${DESK}/payments/without-payer`, text: texts.text('desk.attention.receipt', { receipt: String(receipt) }) }]
}

/** A button that acts at once, or leads to the act's form, which the island opens in place. */
function ActButton({ context, one, back }: { readonly context: DeskContext; readonly one: TroubleAct; readonly back: string }) {
  const { ui, staff } = context
  const { act, letter, atOnce } = one
  if (!staff.may.has(act.permission)) return null
  const words = (
    <>
      {one.text === undefined ? actTitle(ui.frame.texts, act.name) : ui.frame.texts.text(one.text)} <kbd class="needs-script">{letter}</kbd>
    </>
  )
  if (!atOnce) {
    return (
      <a class="button small" href={address(actAddress(act), { ...one.with, back })} data-act={letter} data-panel>
        {words}
      </a>
    )
  }
  return (
    <Form ui={ui} action={`${DESK}/attention`} class="at-once">
      <input type="hidden" name="form:act" value={act.name} />
      <input type="hidden" name="form:back" value={back} />
      {Object.entries(one.with).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Button type="submit" look="small" data-act={letter}>
        {words}
      </Button>
    </Form>
  )
}

function ClosedLately({ context, closed }: { readonly context: DeskContext; readonly closed: readonly Closed[] }) {
  const { texts } = context.ui.frame
  if (closed.length === 0) return null
  const title = texts.text('desk.attention.closed')
  const rows = closed.map(({ kind, supplier, order, firstAt, closedAt, by }) => [
    alertTitle(texts, kind),
    <bdi>
      {[supplier, order === null ? null : texts.text('desk.attention.order', { order: String(order) })].filter(Boolean).join(' · ')}
    </bdi>,
    <Moment texts={texts} at={firstAt} />,
    <Moment texts={texts} at={closedAt} />,
    by === null ? texts.text('desk.attention.closed.itself') : <bdi>{by}</bdi>,
  ])
  const headings = ['what', 'about', 'from', 'to', 'by'] as const
  return (
    <details class="fold">
      <summary>{title}</summary>
      <div class="scroll">
        <Table caption={title} headings={headings.map((one) => texts.text(`desk.attention.closed.${one}`))} rows={rows} />
      </div>
    </details>
  )
}
