import type { Texts } from '../../texts/texts.ts'
import { incidentAddress, titleOf } from '../status/told.ts'
import type { OwnAccount } from '../visitor.ts'

interface OpenIncidentsProps {
  readonly texts: Texts
  readonly account: OwnAccount
  readonly path: string
}

/** What is disturbed now, in one line per incident above the page of a customer. The status page has it itself. */
export function OpenIncidents({ texts, account: { incidents = [] }, path }: OpenIncidentsProps) {
  if (incidents.length === 0 || path.startsWith('/status')) return null
  return (
    <aside class="open-incidents" aria-label={texts.text('front.status.incidents.title')}>
      {incidents.map((incident) => {
        const told = titleOf(texts, incident)
        return (
          <p key={incident.id} class="notice warn">
            <span>
              <a href={incidentAddress(texts, incident)} lang={told?.language}>
                {told?.title ?? `#${incident.id}`}
              </a>
            </span>
          </p>
        )
      })}
    </aside>
  )
}
