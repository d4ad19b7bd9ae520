import type { FastifyReply } from 'fastify'
import { refuse } from '../../../refusal.ts'
import { readClosed, readTroubles, troubleKindsFor } from '../../../reports/attention.ts'
import { isTroubleKind } from '../../../reports/trouble-kinds.ts'
import { readFields } from '../act-fields.tsx'
import { leadBack, runOnDesk } from '../act-routes.ts'
import { type Desk, type DeskContext, ownDeskAddress } from '../desk.ts'
import { AT_ONCE } from './trouble-acts.ts'

const MOST_OF_A_KIND = 50
const CLOSED_SHOWN = 30

export function routeAttention(desk: Desk) {
  desk.page('/attention', 'alerts.read', showAttention)
  desk.form('/attention', 'alerts.read', doAtOnce)
}

async function showAttention(context: DeskContext): Promise<FastifyReply> {
  const { attentionPage } = await import('./attention.tsx')
  const { db, now, staff, query } = context
  const kinds = troubleKindsFor(staff.may)
  const wanted = query.get('kind')
  const kind = isTroubleKind(wanted) && kinds.includes(wanted) ? wanted : null
  const troubles = await readTroubles(db, kind === null ? kinds : [kind], MOST_OF_A_KIND, now)
  const closed = await readClosed(db, CLOSED_SHOWN)
  return context.send(attentionPage(context, { kinds, kind, troubles, closed, mostOfAKind: MOST_OF_A_KIND }))
}

/** Does an act that needs no form, and leads back. */
async function doAtOnce(context: DeskContext): Promise<FastifyReply> {
  const given = context.request.body as Record<string, string>
  const act = AT_ONCE.find(({ name }) => name === given['form:act'])
  if (!act) throw refuse('unknown_field', 'form:act')
  const { input } = readFields(act, given)
  const answer = await runOnDesk(context, act, input)
  return leadBack(context, ownDeskAddress(given['form:back']), answer)
}
