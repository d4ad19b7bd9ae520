import type { Reading, Recognised } from '../../../fulfilment/find-orders.ts'
import type { Texts } from '../../../texts/texts.ts'
import { type Asked, hrefOf } from './asked.ts'

/** What the search took the text for, and what it did not look through. */
export function ReadingTold({ texts, asked, reading }: { readonly texts: Texts; readonly asked: Asked; readonly reading: Reading }) {
  const { recognised, notSearched } = reading
  return (
    <section class="reading" aria-label={texts.text('desk.orders.search')}>
      {recognised.length === 0 && <p>{texts.text('desk.orders.read.nothing')}</p>}
      {recognised.length > 0 && (
        <ul>
          {recognised.map((one) => (
            <li key={one.kind}>
              <One texts={texts} asked={asked} one={one} />
            </li>
          ))}
        </ul>
      )}
      {notSearched.length > 0 && (
        <p class="soft small">
          {texts.text('desk.orders.notSearched')} {notSearched.map((what) => texts.text(`desk.orders.notSearched.${what}`)).join(' · ')}
        </p>
      )}
    </section>
  )
}

function One({ texts, asked, one }: { readonly texts: Texts; readonly asked: Asked; readonly one: Recognised }) {
  switch (one.kind) {
    case 'order':
      return <>{texts.text('desk.orders.read.order')}</>
    case 'orders':
      return (
        <>
          {texts.text('desk.orders.read.orders', { count: one.found })}
          {one.missing.length > 0 && ` ${texts.text('desk.orders.read.missing', { numbers: some(one.missing) })}`}
        </>
      )
    case 'reference':
    case 'retry-key':
    case 'link':
      return (
        <>
          {texts.text(`desk.orders.read.${one.kind}`, { count: one.found })}
          {one.more && ` ${texts.text('desk.orders.read.more')}`}
        </>
      )
    case 'account':
      return (
        <>
          {texts.text('desk.orders.read.account', { account: one.account })}{' '}
          <a href={hrefOf(asked, { q: '', account: one.account })}>
            <bdi>{one.email}</bdi>
          </a>
        </>
      )
    case 'key':
      return (
        <>
          {texts.text('desk.orders.read.key', { account: one.account })}{' '}
          <a href={hrefOf(asked, { q: '', account: one.account, key: one.key })}>
            <code dir="ltr">{one.prefix}</code>
          </a>
        </>
      )
    default:
      return one satisfies never
  }
}

const MOST_NAMED = 20

function some(numbers: readonly string[]): string {
  return `${numbers.slice(0, MOST_NAMED).join(', ')}${numbers.length > MOST_NAMED ? ' …' : ''}`
}
