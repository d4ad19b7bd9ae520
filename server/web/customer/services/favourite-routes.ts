import type { FastifyInstance, FastifyReply } from 'fastify'
import { addFavourite, dropFavourite, MOST_FAVOURITES } from '../../../catalog/favourites.ts'
import { isRefusal } from '../../../refusal.ts'
import type { Web } from '../../web.ts'
import { onOwn, type OwnContext } from '../own-context.ts'
import { wantsData } from '../page-context.ts'
import { field } from '../../form-faults.ts'
import { UNPROCESSABLE } from '../../ui/page-ui.ts'
import { askedAddress, askedIn } from './asked.ts'

type Show = (context: OwnContext, fault: string) => Promise<FastifyReply>

/** Routes the star beside a service. */
export function routeFavourites(pages: FastifyInstance, web: Web, show: Show) {
  pages.post(
    '/services/:id/favourite',
    onOwn(web, (context) => takeStar(context, show)),
  )
}

async function takeStar(context: OwnContext, show: Show): Promise<FastifyReply> {
  const { request, reply, caller, orders, ui } = context
  const { id } = request.params as { id: string }
  const asked = new URLSearchParams(field(request, 'back'))
  const serviceId = /^[1-9]\d{0,8}$/.test(id) ? Number(id) : 0
  const keep = field(request, 'keep') === 'yes'
  try {
    if (keep) await addFavourite(orders.db, caller.accountId, serviceId, orders.now())
    else await dropFavourite(orders.db, caller.accountId, serviceId)
  } catch (error) {
    if (!isRefusal(error, 'too_many_favourites', 'no_such_service')) throw error
    const { texts } = ui.frame
    const fault =
      error.code === 'too_many_favourites'
        ? texts.text('offer.favouritesFull', { count: MOST_FAVOURITES })
        : texts.text('refusal.incorrectService')
    return wantsData(request) ? reply.code(UNPROCESSABLE).send({ fault }) : show({ ...context, query: asked }, fault)
  }
  if (wantsData(request)) return reply.send({ kept: keep })
  const page = Number(asked.get('page'))
  return reply.redirect(`${askedAddress(askedIn(asked), page > 1 ? page : undefined)}#service-${serviceId}`, 303)
}
