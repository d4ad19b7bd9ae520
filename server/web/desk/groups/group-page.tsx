import { groupMove } from '../../../acts/group-move.ts'
import { groupRates } from '../../../acts/group-rates.ts'
import { groupRemove } from '../../../acts/group-remove.ts'
import { groupSet } from '../../../acts/group-set.ts'
import { listRatesOfGroup } from '../../../catalog/group-rates.ts'
import { findGroup, listMembers } from '../../../customers/groups.ts'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { Table } from '../../ui/table.tsx'
import { ActLink } from '../act-link.tsx'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'

const MEMBERS = 100

/** A group of customers: its discount, its rates, and whose accounts are in it. */
export async function groupPage(context: DeskContext, id: number): Promise<string> {
  const { db, query, ui } = context
  const { texts } = ui.frame
  const after = /^\d{1,9}$/.test(query.get('after') ?? '') ? Number(query.get('after')) : 0
  const group = await findGroup(db, id)
  const [rates, found] = await Promise.all([listRatesOfGroup(db, id), listMembers(db, id, after, MEMBERS + 1)])
  const here = `/desk/groups/${id}`
  const given = { group: String(id) }
  const members = found.slice(0, MEMBERS)
  return deskPage(context, {
    title: group.name,
    lead: texts.text('desk.groups.off', { percent: String(group.discountBasisPoints / 100) }),
    actions: (
      <>
        <ActLink
          context={context} act={groupSet} with={{ ...given, name: group.name, discount: String(group.discountBasisPoints / 100) }} back={here} look="main"
        />
        <ActLink context={context} act={groupRemove} with={given} back="/desk/groups" look="bad" />
      </>
    ),
    children: (
      <>
        <section>
          <h2>{texts.text('desk.groups.rates')}</h2>
          {rates.length === 0 ? (
            <p class="soft">{texts.text('desk.groups.rates.none')}</p>
          ) : (
            <div class="scroll">
              <Table
                caption={texts.text('desk.groups.rates')}
                headings={[texts.text('desk.services.service'), texts.text('desk.groups.pays'), texts.text('desk.groups.others'), texts.text('desk.services.do')]}
                rows={rates.map((each) => [
                  <a key="service" href={`/desk/services/${each.service}`}>
                    {each.service} <bdi>{each.name}</bdi>
                  </a>,
                  <bdi key="rate">{each.groupRate}</bdi>,
                  <bdi key="others">{each.rate}</bdi>,
                  <ActLink
                    key="end" context={context} act={groupRates} with={{ ...given, rates: `${each.service}=none` }} back={here} look="small"
                    text={texts.text('desk.services.endRate')}
                  />,
                ])}
                figures={[1, 2]}
              />
            </div>
          )}
          <p>
            <ActLink context={context} act={groupRates} with={given} back={here} text={texts.text('desk.services.addRate')} />
          </p>
        </section>
        <section>
          <h2>{texts.text('desk.groups.accounts')}</h2>
          {members.length === 0 && <p class="soft">{texts.text('desk.groups.accounts.none')}</p>}
          <ul class="plain-list">
            {members.map((each) => (
              <li key={each.id} data-row>
                <a href={`/desk/customers/${each.id}`}>
                  <bdi>{each.email}</bdi>
                </a>{' '}
                <ActLink
                  context={context} act={groupMove} with={{ group: 'none', accounts: String(each.id) }} back={here} look="small"
                  text={texts.text('desk.groups.leave')}
                />
              </li>
            ))}
          </ul>
          <PageLinks
            links={[{ href: found.length > MEMBERS ? address(here, { after: members.at(-1)!.id }) : null, text: texts.text('desk.services.next') }]}
          />
          <p>
            <ActLink context={context} act={groupMove} with={given} back={here} text={texts.text('desk.groups.join')} />
          </p>
        </section>
      </>
    ),
  }) // prettier-ignore
}
