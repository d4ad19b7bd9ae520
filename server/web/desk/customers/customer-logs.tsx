import { Moment } from '../../ui/parts.tsx'
import { actKey } from '../../log-words.ts'
import { address } from '../../ui/page-links.tsx'
import { actTitle } from '../act-words.ts'
import { Changes } from '../changes.tsx'
import { DESK } from '../desk.ts'
import type { PartProps } from './part.ts'

/** What staff did to the account, and what its own log tells the customer. */
export function CustomerLogs(props: PartProps) {
  return (
    <>
      <StaffLog {...props} />
      <OwnLog {...props} />
    </>
  )
}

function StaffLog({ context, customer: { account, log } }: PartProps) {
  const { texts } = context.ui.frame
  if (log === undefined || log.length === 0) return null
  return (
    <section>
      <h2>{texts.text('desk.customers.done')}</h2>
      <ul class="rows">
        {log.map(({ line, at, who, act, before, after }) => (
          <li key={line}>
            <div>
              <h3>{actTitle(texts, act)}</h3>
              <p class="soft small">
                <bdi>{who}</bdi> · <Moment texts={texts} at={new Date(at)} /> ·{' '}
                <a href={`${DESK}/log/${line}`}>{texts.text('desk.told.line', { line: String(line) })}</a>
              </p>
              <details>
                <summary>{texts.text('desk.changes')}</summary>
                <Changes texts={texts} before={before} after={after} />
              </details>
            </div>
          </li>
        ))}
      </ul>
      <p>
        <a href={address(`${DESK}/log`, { account: account.id })}>{texts.text('desk.customers.wholeLog')}</a>
      </p>
    </section>
  )
}

function OwnLog({ context, customer: { ownLog } }: PartProps) {
  const { texts } = context.ui.frame
  if (ownLog.length === 0) return null
  return (
    <section>
      <h2>{texts.text('desk.customers.ownLog')}</h2>
      <p class="soft">{texts.text('desk.customers.ownLog.lead')}</p>
      <ul class="rows">
        {ownLog.map(({ id, at, by, act, email, address: from, about }) => (
          <li key={id}>
            <div>
              <h3>{texts.text(actKey(act))}</h3>
              {about !== null && (
                <p class="about">
                  <bdi>{about}</bdi>
                </p>
              )}
              <p class="soft small">
                <bdi>{by === 'customer' ? (email ?? '–') : texts.text(`desk.customers.by.${by}`)}</bdi>
                {from !== null && (
                  <>
                    {' · '}
                    <bdi dir="ltr">{from}</bdi>
                  </>
                )}
                {' · '}
                <Moment texts={texts} at={at} />
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
