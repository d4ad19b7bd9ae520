import type { ComponentChildren } from 'preact'
import type { MessageKey } from '../../../../contract/message.ts'
import type { OrderStatus } from '../../../../contract/statuses.ts'
import { orderOrigins, type OrderState, orderStates, stateGroups } from '../../../fulfilment/order-sources.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Field } from '../../ui/form.tsx'
import { statusText } from '../../ui/order-status.tsx'
import { Submit } from '../../ui/parts.tsx'
import { type Asked, hrefOf, ORDERS } from './asked.ts'
import { columnNamed, columnNames } from './columns.tsx'

interface FiltersProps {
  readonly texts: Texts
  readonly asked: Asked
  readonly suppliers: readonly { readonly id: number; readonly name: string }[]
}

/** The search, the filters and the columns: one form whose whole state is the address. */
export function OrderFilters({ texts, asked, suppliers }: FiltersProps) {
  const isFurther = [asked.service, asked.supplier, asked.account, asked.key, asked.origin, asked.from, asked.to, asked.hour].some(
    (one) => one !== null,
  )
  return (
    <>
      <nav class="status-tabs" aria-label={texts.text('desk.orders.states')}>
        {[null, ...stateGroups].map((state) => (
          <a key={state} class="group" href={hrefOf(asked, { state })} aria-current={asked.state === state ? 'page' : undefined}>
            {state === null ? texts.text('desk.orders.all') : stateText(texts, state)}
          </a>
        ))}
      </nav>
      <form method="get" action={ORDERS} class="orders-filter">
        <Field
          id="orders-q"
          name="q"
          type="search"
          value={asked.q}
          label={texts.text('desk.orders.search')}
          hint={texts.text('desk.orders.search.hint')}
        />
        <Submit>{texts.text('desk.orders.show')}</Submit>
        <details class="further" open={isFurther}>
          <summary class="button plain">{texts.text('desk.orders.filters')}</summary>
          <div class="further-fields">
            <Select id="state" label={texts.text('desk.orders.column.status')}>
              {orderStates.map((state) => option(state, stateText(texts, state), asked.state))}
            </Select>
            <NumberField texts={texts} name="service" label="desk.orders.filter.service" value={asked.service} />
            <Select id="supplier" label={texts.text('desk.orders.column.supplier')}>
              {suppliers.map(({ id, name }) => option(String(id), name, asked.supplier === null ? null : String(asked.supplier)))}
            </Select>
            <NumberField texts={texts} name="account" label="desk.orders.filter.account" value={asked.account} />
            <Select id="origin" label={texts.text('desk.orders.column.origin')}>
              {orderOrigins.map((origin) => option(origin, texts.text(`desk.orders.origin.${origin}`), asked.origin))}
            </Select>
            <Field name="from" type="date" value={asked.from ?? ''} label={texts.text('desk.orders.filter.from')} />
            <Field name="to" type="date" value={asked.to ?? ''} label={texts.text('desk.orders.filter.to')} />
            {asked.hour !== null && <Field name="hour" dir="ltr" value={asked.hour} label={texts.text('desk.orders.filter.hour')} />}
            {asked.key !== null && <NumberField texts={texts} name="key" label="desk.orders.filter.key" value={asked.key} />}
          </div>
        </details>
        <details class="further">
          <summary class="button plain">{texts.text('desk.orders.columns')}</summary>
          <fieldset class="columns">
            <legend class="visually-hidden">{texts.text('desk.orders.columns')}</legend>
            {columnNames.map((name) => (
              <label key={name}>
                <input type="checkbox" name="column" value={name} checked={asked.columns.includes(name)} />{' '}
                {texts.text(columnNamed(name).name)}
              </label>
            ))}
          </fieldset>
        </details>
      </form>
    </>
  )
}

export function stateText(texts: Texts, state: OrderState): string {
  return isGroup(state) ? texts.text(`desk.orders.state.${state}`) : statusText(texts, state satisfies OrderStatus)
}

function isGroup(state: OrderState): state is (typeof stateGroups)[number] {
  return (stateGroups as readonly string[]).includes(state)
}

function option(value: string, words: string, chosen: string | null) {
  return (
    <option key={value} value={value} selected={value === chosen}>
      {words}
    </option>
  )
}

function Select({ id, label, children }: { readonly id: string; readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={id}>
        <option value="">–</option>
        {children}
      </select>
    </div>
  )
}

interface NumberProps {
  readonly texts: Texts
  readonly name: string
  readonly label: MessageKey
  readonly value: number | null
}

function NumberField({ texts, name, label, value }: NumberProps) {
  return <Field name={name} label={texts.text(label)} value={value === null ? '' : String(value)} inputMode="numeric" dir="ltr" />
}
