import type { FastifyReply } from 'fastify'
import { incidentWrite } from '../../../acts/incident-set.ts'
import { refuse } from '../../../refusal.ts'
import { findIncident, listIncidents, listWritten } from '../../../status/incidents.ts'
import type { Desk, DeskContext } from '../desk.ts'
import { newestOf } from '../newest.ts'
import { numberIn } from '../wording-numbers.ts'
import { routeWording } from '../wording-routes.ts'

const MOST_WRITTEN = 200

/** Routes what the status page tells of disturbances: all of them, one with its texts, and what one of its texts says in a language. */
export function routeIncidents(desk: Desk) {
  desk.page('/incidents', 'pages.read', showAll)
  desk.page('/incidents/:id', 'pages.read', showOne)
  routeWording(desk, {
    page: '/incidents/:id',
    form: '/incidents/:id/:number',
    act: incidentWrite,
    named: (context) => ({ incident: numberIn(context, 'id'), number: numberIn(context, 'number') }),
    async find(context) {
      const { texts } = context.ui.frame
      const { id, updates } = await findIncident(context.db, numberIn(context, 'id'))
      const number = numberIn(context, 'number')
      const update = updates.find((each) => each.number === number)
      const unknownLanguage = refuse('unknown_incident_text', id, number)
      if (!update) throw unknownLanguage
      const which = texts.text('desk.incidents.text', { number: String(number) })
      return { title: `${texts.text('desk.incidents.one', { number: String(id) })} · ${which}`, wordings: update.wordings, unknownLanguage }
    },
  })
}

async function showAll(context: DeskContext): Promise<FastifyReply> {
  const { incidentsPage } = await import('./incidents.tsx')
  return context.send(incidentsPage(context, await newestOf(context, (page) => listIncidents(context.db, page))))
}

async function showOne(context: DeskContext): Promise<FastifyReply> {
  const { incidentPage } = await import('./incidents.tsx')
  const incident = await findIncident(context.db, numberIn(context, 'id'))
  return context.send(incidentPage(context, { incident, written: await listWritten(context.db, incident.id, MOST_WRITTEN) }))
}
