import { groupRates } from '../../../acts/group-rates.ts'
import { serviceSet } from '../../../acts/service-set.ts'
import { listGroupRatesOfService } from '../../../catalog/group-rates.ts'
import { readOwnRates } from '../../../catalog/service-file.ts'
import { Table } from '../../ui/table.tsx'
import { ActLink } from '../act-link.tsx'
import type { DeskContext } from '../desk.ts'

const MOST_RATES = 100

interface OwnRatesProps {
  readonly context: DeskContext
  readonly rates: Awaited<ReturnType<typeof readOwnRates>>
  readonly ofGroups: Awaited<ReturnType<typeof listGroupRatesOfService>>
  readonly service: number
  readonly back: string
}

/** Reads what `OwnRates` shows. */
export async function ownRatesOf({ db }: DeskContext, service: number) {
  const [rates, ofGroups] = await Promise.all([readOwnRates(db, service, 0, MOST_RATES + 1), listGroupRatesOfService(db, service)])
  return { rates, ofGroups }
}

/** Who pays another rate by agreement: groups of customers, and accounts. */
export function OwnRates({ context, rates, ofGroups, service, back }: OwnRatesProps) {
  const { texts } = context.ui.frame
  if (!context.staff.may.has('accounts.read')) return null
  const given = { service: String(service) }
  const rows = [
    ...ofGroups.map((each) => [
      <a key="group" href={`/desk/groups/${each.group}`}>
        <bdi>{each.groupName}</bdi>
      </a>,
      <bdi key="rate">{each.groupRate}</bdi>,
      <ActLink
        key="end" context={context} act={groupRates} with={{ group: String(each.group), rates: `${service}=none` }} back={back} look="small"
        text={texts.text('desk.services.endRate')}
      />,
    ]),
    ...rates.slice(0, MOST_RATES).map((each) => [
      <a key="account" href={`/desk/customers/${each.account}`}>
        <bdi>{each.email}</bdi>
      </a>,
      <bdi key="rate">{each.rate}</bdi>,
      <ActLink
        key="end" context={context} act={serviceSet} with={{ ...given, account: String(each.account), custom_rate: 'none' }} back={back} look="small"
        text={texts.text('desk.services.endRate')}
      />,
    ]),
  ] // prettier-ignore
  return (
    <section>
      <h2>{texts.text('desk.services.ownRates')}</h2>
      {rows.length === 0 ? (
        <p class="soft">{texts.text('desk.services.ownRates.none')}</p>
      ) : (
        <div class="scroll">
          <Table
            caption={texts.text('desk.services.ownRates')}
            headings={(['whose', 'pays', 'do'] as const).map((name) => texts.text(`desk.services.${name}`))}
            rows={rows}
            figures={[1]}
          />
        </div>
      )}
      {rates.length > MOST_RATES && <p class="soft">{texts.text('desk.services.ownRates.more', { count: MOST_RATES })}</p>}
      {context.staff.may.has('services.price') && (
        <p>
          <ActLink context={context} act={serviceSet} with={given} back={back} text={texts.text('desk.services.addRate')} />
        </p>
      )}
    </section>
  )
}
