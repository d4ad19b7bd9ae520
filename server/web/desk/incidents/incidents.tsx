import { incidentOpen, incidentSettle, incidentUpdate, incidentWrite } from '../../../acts/incident-set.ts'
import { type Incident, LONGEST_TEXT, type Written } from '../../../status/incidents.ts'
import type { Language } from '../../../texts/languages.ts'
import { IncidentState, IncidentView } from '../../status/incident.tsx'
import { partText, titleOf } from '../../status/told.ts'
import { Empty, Notice } from '../../ui/notice.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import type { Faults } from '../../ui/page-ui.ts'
import { Moment } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import { ActLink } from '../act-link.tsx'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { EditWording, LanguageLinks, Versions } from '../wording.tsx'
import { INCIDENTS } from './address.ts'

interface IncidentsView {
  readonly rows: readonly Incident[]
  readonly hasMore: boolean
  readonly isFirst: boolean
}

/** What the status page tells of disturbances. */
export function incidentsPage(context: DeskContext, { rows, hasMore, isFirst }: IncidentsView): string {
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
        <PageLinks
          links={[
            { href: isFirst ? null : INCIDENTS, text: texts.text('desk.money.newest') },
            { href: hasMore ? address(INCIDENTS, { before: rows.at(-1)!.id }) : null, text: texts.text('desk.money.older') },
          ]}
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

interface EditView {
  readonly incident: Incident
  readonly number: number
  readonly language: Language
  readonly typed: { readonly title: string; readonly text: string; readonly faults: Faults }
  readonly isPreview: boolean
}

/** The form of one of the texts in one language. */
export function editPage(context: DeskContext, { incident, number, language, typed, isPreview }: EditView): string {
  const { texts } = context.ui.frame
  const here = `${INCIDENTS}/${incident.id}`
  const which = texts.text('desk.incidents.text', { number: String(number) })
  return deskPage(context, {
    title: `${texts.text('desk.incidents.one', { number: String(incident.id) })} · ${which} · ${language.name}`,
    actions: (
      <a class="button plain" href={here}>
        {texts.text('desk.form.back')}
      </a>
    ),
    children: (
      <EditWording
        context={context}
        here={`${here}/${number}`}
        language={language}
        typed={typed}
        longest={LONGEST_TEXT}
        mayWrite={context.staff.may.has(incidentWrite.permission)}
        isPreview={isPreview}
      />
    ),
  })
}
