import type { MessageKey } from '../../../../contract/message.ts'
import { orderNote } from '../../../acts/order-note.ts'
import type { OrderStep } from '../../../fulfilment/staff.ts'
import type { LogLine } from '../../../staff/log.ts'
import type { Texts } from '../../../texts/texts.ts'
import { statusText } from '../../ui/order-status.tsx'
import { Moment } from '../../ui/parts.tsx'
import { ActLink } from '../act-link.tsx'
import { actTitle } from '../act-words.ts'
import { alertTitle } from '../attention/trouble-words.ts'
import { valueText } from '../changes.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { handOffText } from './order-facts.tsx'
import { Part } from './part.tsx'

interface StepsProps {
  readonly texts: Texts
  readonly steps: readonly OrderStep[]
}

/** The part of a page that has everything that happened. */
export function Timeline({ texts, steps }: StepsProps) {
  return (
    <Part title={texts.text('desk.orders.part.timeline')}>
      {steps.length === 0 && <p class="soft">{texts.text('desk.orders.noSteps')}</p>}
      <Steps texts={texts} steps={steps} />
    </Part>
  )
}

/** Everything that happened, the newest first, with the words of suppliers as they came. */
export function Steps({ texts, steps }: StepsProps) {
  return (
    <ol class="order-steps">
      {steps.toReversed().map(({ at, by, what, words }, index) => (
        <li key={index}>
          <Moment texts={texts} at={at} />
          <span class="by">
            <bdi>{nameOf(texts, by)}</bdi>
          </span>
          <WhatHappened texts={texts} what={what} />
          <Said words={words} />
        </li>
      ))}
    </ol>
  )
}

function WhatHappened({ texts, what }: { readonly texts: Texts; readonly what: OrderStep['what'] }) {
  switch (what.kind) {
    case 'status':
      return <strong>{statusText(texts, what.status)}</strong>
    case 'alert':
      return (
        <span>
          <strong>{alertTitle(texts, what.alert)}</strong>{' '}
          {what.isClosed && <span class="soft">{texts.text('desk.orders.handOff.settled')}</span>}
        </span>
      )
    case 'hand-off':
      return (
        <span>
          <strong>{handOffText(texts, what.state)}</strong> {what.reference !== null && <code dir="ltr">{what.reference}</code>}
        </span>
      )
    default:
      return what satisfies never
  }
}

/** What somebody said, as they said it; nothing if they said nothing. */
export function Said({ words }: { readonly words: string | null }) {
  return words ? (
    <q class="quoted" dir="auto">
      {words}
    </q>
  ) : null
}

const NAMES: Readonly<Record<string, MessageKey>> = {
  customer: 'desk.orders.column.customer',
  supplier: 'desk.orders.column.supplier',
  staff: 'desk.place.staff',
}

/** Who did it: one of the three in the reader's language, or the name of a supplier or a person. */
function nameOf(texts: Texts, by: string): string {
  const key = Object.hasOwn(NAMES, by) ? NAMES[by] : undefined
  return key === undefined ? by : texts.text(key)
}

/** What staff wrote about it. Customers do not see it. */
export function Notes({ context, id, notes }: { readonly context: DeskContext; readonly id: bigint; readonly notes: readonly LogLine[] }) {
  const { texts } = context.ui.frame
  return (
    <Part title={texts.text('desk.orders.part.notes')}>
      {notes.length === 0 && <p class="soft">{texts.text('desk.orders.noNotes')}</p>}
      <ul class="notes">
        {notes.map(({ line, at, who, after }) => (
          <li key={line}>
            <p dir="auto">{valueText(texts, new Map<string, unknown>(Object.entries(after ?? {})).get('note'))}</p>
            <span class="soft small">
              <bdi>{who}</bdi> · <Moment texts={texts} at={new Date(at)} />
            </span>
          </li>
        ))}
      </ul>
      <ActLink context={context} act={orderNote} with={{ order: id.toString() }} back={`/desk/orders/${id}`} look="small" />
    </Part>
  )
}

/** What staff did to it. */
export function LogLines({ texts, lines }: { readonly texts: Texts; readonly lines: readonly LogLine[] }) {
  const done = lines.filter(({ act }) => act !== orderNote.name)
  if (done.length === 0) return null
  return (
    <Part title={texts.text('desk.orders.part.log')}>
      <ul class="log-lines">
        {done.map(({ line, at, who, act }) => (
          <li key={line}>
            <a href={`${DESK}/log/${line}`}>{actTitle(texts, act)}</a>{' '}
            <span class="soft small">
              <bdi>{who}</bdi> · <Moment texts={texts} at={new Date(at)} />
            </span>
          </li>
        ))}
      </ul>
    </Part>
  )
}
