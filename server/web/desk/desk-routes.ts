import type { FastifyInstance } from 'fastify'
import type { House } from '../../acts/house.ts'
import { endStaffSession } from '../../staff/sessions.ts'
import { clearCookie } from '../cookies.ts'
import type { Web } from '../web.ts'
import { routeActs } from './act-routes.ts'
import { routeCustomers } from './customers/customers-routes.ts'
import { DESK, type Desk, openDesk } from './desk.ts'
import { routeMoney } from './money/money-routes.ts'
import { routeJobs } from './jobs/jobs-routes.ts'
import { routeOrders } from './orders/orders-routes.ts'
import { routeToday } from './today/today-routes.ts'

/** Routes the pages of staff. They are in a scope of their own, with sessions of their own. */
export function routeDesk(pages: FastifyInstance, web: Web, house: () => House): Desk {
  const desk = openDesk(pages, web, house)
  routeToday(desk)
  routeCustomers(desk)
  routeMoney(desk)
  routeOrders(desk)
  routeJobs(desk)
  routeActs(desk)
  desk.form('/sign-out', null, async ({ request, reply, web, db, staff }) => {
    await endStaffSession(db, staff.staffId, staff.sessionId)
    clearCookie(request, reply, web.accounts().site.url, 'desk')
    return reply.redirect(`${DESK}/sign-in`, 303)
  })
  return desk
}
