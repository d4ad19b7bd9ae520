import { incidentOpen, incidentSettle, incidentUpdate, incidentWrite } from '../../../acts/incident-set.ts'
import type { Incident, Written } from '../../../status/incidents.ts'
import { IncidentState, IncidentView } from '../../status/incident.tsx'
import { partText, titleOf } from '../../status/told.ts'
import { Empty, Notice } from '../../ui/notice.tsx'
import { address } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import { ActLink } from '../act-link.tsx'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import type { Newest } from '../newest.ts'
import { NewestLinks } from '../newest-links.tsx'
import { LanguageLinks, Versions } from '../wording.tsx'
import { INCIDENTS } from './address.ts'

/** What the status page tells of disturbances. */
export function incidentsPage(context: DeskContext, { rows, hasMore, isFirst }: Newest<Incident>): string {
  const { texts } = context.ui.frame
  const title = texts.text('desk.place.status')
  return deskPage(context, {
    title,
    lead: texts.text('desk.incidents.lead'),
    actions: <ActLink context={context} act={incidentOpen} back={INCIDENTS} look="main" />,
    children: (
      <>
        {!context.web.settings.statusPage && <Notice mood="plain">{texts.text('desk.incidents.off')}</Notice>}
        {rows.length === 0 ? (
          <Empty title={texts.text('front.status.incidents.none')} text={texts.text('desk.incidents.lead')} />
        ) : (
          <div class="scroll">
            <Table
              caption={title}
              headings={[
                texts.text('desk.field.title'),
                texts.text('desk.announcements.state'),
                texts.text('desk.field.affects'),
                texts.text('desk.field.began'),
              ]}
              rows={rows.map((incident) => [
                <a key="title" href={`${INCIDENTS}/${incident.id}`}>
                  <bdi>{titleOf(texts, incident)?.title ?? `#${incident.id}`}</bdi>
                </a>,
                <IncidentState key="state" texts={texts} incident={incident} />,
                incident.affects.map((part) => partText(texts, part)).join(' · '),
                <Moment key="began" texts={texts} at={incident.began} />,
              ])}
            />
          </div>
        )}
        <NewestLinks
          texts={texts}
          newest={isFirst ? null : INCIDENTS}
          older={hasMore ? address(INCIDENTS, { before: rows.at(-1)!.id }) : null}
        />
      </>
    ),
  })
}

/** One incident as readers see it, with the languages of each of its texts and every version. */
export function incidentPage(context: DeskContext, { incident, written }: { incident: Incident; written: readonly Written[] }): string {
  const { texts } = context.ui.frame
  const here = `${INCIDENTS}/${incident.id}`
  const given = { incident: String(incident.id) }
  return deskPage(context, {
    title: texts.text('desk.incidents.one', { number: String(incident.id) }),
    actions: (
      <>
        <ActLink context={context} act={incidentUpdate} with={given} back={here} look="main" />
        {incident.settled === null && <ActLink context={context} act={incidentSettle} with={given} back={here} />}
      </>
    ),
    children: (
      <>
        <IncidentView texts={texts} incident={incident} heading="h2" />
        {context.staff.may.has(incidentWrite.permission) &&
          incident.updates.map(({ number, wordings }) => (
            <section key={number}>
              <h2>{texts.text('desk.incidents.text', { number: String(number) })}</h2>
              <LanguageLinks
                context={context}
                heading="h3"
                written={wordings.map(({ language }) => language)}
                addressOf={(code) => `${here}/${number}/${code}`}
              />
            </section>
          ))}
        <Versions context={context} written={written} />
      </>
    ),
  })
}
