import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { House } from '../../acts/house.ts'
import { endStaffSession } from '../../staff/sessions.ts'
import { clearCookie } from '../cookies.ts'
import type { Web } from '../web.ts'
import { routeActs } from './act-routes.ts'
import { DESK, type Desk, openDesk } from './desk.ts'
import { routeSettings } from './settings/settings-routes.ts'
import { routeSetup } from './setup/setup-routes.ts'
import { routeToday } from './today/today-routes.ts'
import { LARGEST_UPLOAD, readUpload } from './upload.ts'

/** Routes the pages of staff. They are in a scope of their own, with sessions of their own. */
export function routeDesk(pages: FastifyInstance, web: Web, house: () => House): Desk {
  // Forms with a file, like that of the logo.
  pages.addContentTypeParser('multipart/form-data', { bodyLimit: LARGEST_UPLOAD }, (request: FastifyRequest, payload: NodeJS.ReadableStream) =>
    readUpload(request, payload),
  )
  const desk = openDesk(pages, web, house)
  routeToday(desk)
  routeSettings(desk)
  routeSetup(desk)
  routeActs(desk)
  desk.form('/sign-out', null, async ({ request, reply, web, db, staff }) => {
    await endStaffSession(db, staff.staffId, staff.sessionId)
    clearCookie(request, reply, web.accounts().site.url, 'desk')
    return reply.redirect(`${DESK}/sign-in`, 303)
  })
  return desk
}
