import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { House } from '../../acts/house.ts'
import { LARGEST_PIECE } from '../../move-in/receive-file.ts'
import type { Web } from '../web.ts'
import { routeActs } from './act-routes.ts'
import { routeCustomers } from './customers/customers-routes.ts'
import { routeMoney } from './money/money-routes.ts'
import { routePayments } from './payments/payments-routes.ts'
import { routeAttention } from './attention/attention-routes.ts'
import { routeAnnouncements } from './announcements/announcements-routes.ts'
import { routeChangelog } from './changelog/changelog-routes.ts'
import { routeIncidents } from './incidents/incidents-routes.ts'
import { routeReferrals } from './referrals/referrals-routes.ts'
import { routeReports } from './reports/reports-routes.ts'
import { routeAsks } from './asks/asks-routes.ts'
import { routeChildren } from './children/children-routes.ts'
import { routeSuppliers } from './suppliers/suppliers-routes.ts'
import { routeCategories } from './categories/categories-routes.ts'
import { routeGroups } from './groups/groups-routes.ts'
import { routeServices } from './services/services-routes.ts'
import { type Desk, openDesk } from './desk.ts'
import { routeDeskEntry } from './entry/entry-routes.ts'
import { routeLog } from './log/log-routes.ts'
import { routeOwn } from './own/own-routes.ts'
import { routePages } from './pages/pages-routes.ts'
import { routeSignInProviders } from './providers/providers-routes.ts'
import { routeSettings } from './settings/settings-routes.ts'
import { routeSetup } from './setup/setup-routes.ts'
import { routeStaff } from './staff/staff-routes.ts'
import { routeFiles } from './jobs/files-routes.ts'
import { routeJobs } from './jobs/jobs-routes.ts'
import { UPLOAD } from './moving/moving-address.ts'
import { routeMoving } from './moving/moving-routes.ts'
import { routeOrders } from './orders/orders-routes.ts'
import { REPLY } from './tickets/asked.ts'
import { routeTickets } from './tickets/tickets-routes.ts'
import { routeToday } from './today/today-routes.ts'
import { routeWork } from './work/work-routes.ts'
import { openPictureForms } from '../picture-forms.ts'
import { StreamedForm } from './streamed-form.ts'
import { LARGEST_UPLOAD, readUpload } from './upload.ts'

/** Routes the pages of staff. They are in a scope of their own, with sessions of their own. */
export function routeDesk(pages: FastifyInstance, web: Web, house: () => House): Desk {
  const pictures = openPictureForms()
  pages.addHook('onRequest', pictures.onRequest)
  // Forms with a file, like that of the logo.
  pages.addContentTypeParser(
    'multipart/form-data',
    { bodyLimit: LARGEST_UPLOAD },
    async (request: FastifyRequest, payload: NodeJS.ReadableStream) =>
      // Each reader has a bound of its own.
      request.routeOptions.url === UPLOAD
        ? new StreamedForm(request, payload)
        : request.routeOptions.url === REPLY
          ? pictures.read(request, payload)
          : readUpload(request, payload),
  )
  // Pieces of large files.
  pages.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer', bodyLimit: LARGEST_PIECE },
    async (_: FastifyRequest, bytes: Buffer) => bytes,
  )
  const desk = openDesk(pages, web, house)
  routeToday(desk)
  routeCustomers(desk)
  routeMoney(desk)
  routePayments(desk)
  routeReferrals(desk)
  routeAnnouncements(desk)
  routeIncidents(desk)
  routeChangelog(desk)
  routeAttention(desk)
  routeTickets(desk)
  routeReports(desk)
  routeSuppliers(desk)
  routeChildren(desk)
  routeWork(desk)
  routeAsks(desk)
  routeServices(desk)
  routeCategories(desk)
  routeGroups(desk)
  routePages(desk)
  routeSettings(desk)
  routeSignInProviders(desk)
  routeSetup(desk)
  routeOrders(desk)
  routeJobs(desk)
  routeMoving(desk)
  routeFiles(desk)
  routeActs(desk)
  routeDeskEntry(desk)
  routeOwn(desk)
  routeStaff(desk)
  routeLog(desk)
  return desk
}
