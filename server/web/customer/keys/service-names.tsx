import type { Texts } from '../../../texts/texts.ts'
import type { NamedService } from '../services/service-name.ts'

const SHOWN_AT_ONCE = 20
/** A key may list two thousand services, and a page that shows them all is not useful. */
const MOST_SHOWN = 500

/** The names of the services with these numbers. */
export function ServiceNames({ texts, services }: { readonly texts: Texts; readonly services: readonly NamedService[] }) {
  const list = (part: readonly NamedService[]) => (
    <ul class="service-names">
      {part.map(({ id, name }) => (
        <li key={id}>
          <a href={`/order?service=${id}`}>{id}</a> <bdi>{name}</bdi>
        </li>
      ))}
    </ul>
  )
  const more = services.length - SHOWN_AT_ONCE
  return (
    <div role="status">
      {list(services.slice(0, SHOWN_AT_ONCE))}
      {more > 0 && (
        <details class="fold">
          <summary>{texts.text('keys.more', { count: more })}</summary>
          {list(services.slice(SHOWN_AT_ONCE, MOST_SHOWN))}
        </details>
      )}
    </div>
  )
}
