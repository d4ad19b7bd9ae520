import { groupAdd } from '../../../acts/group-add.ts'
import { listGroups } from '../../../customers/groups.ts'
import { Empty } from '../../ui/notice.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { ActLink } from '../act-link.tsx'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'

const PAGE = 100

/** The groups of customers, who pay alike. */
export async function groupsPage(context: DeskContext): Promise<string> {
  const { db, query, ui } = context
  const { texts } = ui.frame
  const after = /^\d{1,9}$/.test(query.get('after') ?? '') ? Number(query.get('after')) : 0
  const groups = await listGroups(db, after, PAGE + 1)
  const shown = groups.slice(0, PAGE)
  return deskPage(context, {
    title: texts.text('desk.place.groups'),
    lead: texts.text('desk.groups.lead'),
    actions: <ActLink context={context} act={groupAdd} back="/desk/groups" look="main" />,
    children: (
      <>
        {shown.length === 0 ? (
          <Empty title={texts.text('desk.groups.none')} text={texts.text('desk.groups.none.lead')} />
        ) : (
          <div class="scroll">
            <table>
              <caption class="visually-hidden">{texts.text('desk.place.groups')}</caption>
              <thead>
                <tr>
                  <th scope="col">{texts.text('desk.groups.group')}</th>
                  <th scope="col" class="figures">
                    {texts.text('desk.groups.discount')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {shown.map(({ id, name, discountBasisPoints }) => (
                  <tr key={id} data-row>
                    <th scope="row">
                      <a href={`/desk/groups/${id}`}>
                        <bdi>{name}</bdi>
                      </a>
                    </th>
                    <td class="figures">{discountBasisPoints / 100} %</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        <PageLinks
          links={[
            {
              href: groups.length > PAGE ? address('/desk/groups', { after: shown.at(-1)!.id }) : null,
              text: texts.text('desk.services.next'),
            },
          ]}
        />
      </>
    ),
  })
}
