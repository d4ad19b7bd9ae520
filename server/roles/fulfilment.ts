import { workExport } from '../acts/export-worker.ts'
import { workJob } from '../acts/job-worker.ts'
import { forgetOldExports } from '../jobs/exports.ts'
import { lookUpAudience } from '../announcements/look-up.ts'
import { mailAnnouncements } from '../announcements/mails.ts'
import type { ApiContext } from '../api/context.ts'
import { openCatalogue } from '../catalog/catalogue.ts'
import { siteOf } from '../customers/account-context.ts'
import { sweepSignIn } from '../customers/sweep.ts'
import { type Database, openPool } from '../db/pool.ts'
import { type LoopDependencies, startLoops } from '../fulfilment/loops.ts'
import { repeat } from '../loops/repeat.ts'
import { openMailServer } from '../mails/mail-server.ts'
import { forgetOldMails, startPostman } from '../mails/postman.ts'
import { forgetOldMassOrders, placeLeftMassOrder } from '../ordering/mass-order.ts'
import { openPlacing } from '../orders/place.ts'
import { payDueCommissions } from '../referrals/pay.ts'
import { readReferredBooks } from '../referrals/read-books.ts'
import { openAddingUp } from '../reports/add-up.ts'
import { keepReport } from '../reports/kept.ts'
import { openSecret, type Secret } from '../secret.ts'
import { sweepStaffSignIn } from '../staff/sweep.ts'
import { openHouseOfActs, openPaymentsOf } from './house-of-acts.ts'
import { forgetOldCalls } from '../payments/calls.ts'
import { askGivebacks } from '../payments/give-back.ts'
import { handleLeftCalls } from '../payments/hear.ts'
import { expirePayments, lookAtDue } from '../payments/look.ts'
import { fetchRates, watchRates } from '../payments/rate-source.ts'
import { askForReports, noteReportDays } from '../payments/reconcile.ts'
import { topUpDue } from '../payments/top-up.ts'
import type { PaymentContext } from '../payments/payments.ts'
import { judgeFigures } from '../status/judge.ts'
import { type StartContext, SWEEP_MS } from './start-context.ts'
import { mailTickets } from '../support/mails.ts'
import { sweepTickets } from '../support/sweep.ts'
import { openSupplierCalls } from '../suppliers/calls.ts'
import { openPriceSources, openSuppliers } from '../suppliers/open.ts'
import { startWebhookWorker } from '../webhooks/worker.ts'

/** Nobody waits for an answer here, but a connection that never answers must not block the loops for ever. */
const LOOP_QUERY_TIMEOUT_MS = 60_000
const LEFT_MASS_ORDERS_MS = 3000
const JOBS_MS = 2000
const FILES_MS = 4000
const REPORTS_MS = 5000
const KEPT_REPORTS_MS = 30_000
const PAYMENTS_MS = 5000
const TICKETS_MS = 10_000
const REFERRALS_MS = 5000
const ANNOUNCEMENTS_MS = 5000

/** Hands over and follows orders, sends webhooks and mails, and deletes old data. */
export async function startFulfilment(start: StartContext): Promise<void> {
  const { config, settings, database, log, now, stops, connections } = start
  const db = openPool(database.url, { size: connections.fulfilment, name: 'docket fulfilment', queryTimeoutMs: LOOP_QUERY_TIMEOUT_MS })
  stops.push(() => db.end())
  const catalogue = await openCatalogue(db)
  const placing = openPlacing({ db, catalogue, now, queueLimit: config.queueLimit })
  stops.push(() => placing.close())
  const secret = await openSecret(config)
  const calls = openSupplierCalls(db, now)
  stops.push(() => calls.stop())
  const suppliers = await openSuppliers({ db, now, secret, simulatedSpeed: config.simulatedSpeed, calls })
  stops.push(() => suppliers.close())
  const prices = openPriceSources(secret, calls)
  stops.push(() => prices.close())
  const openSupplier: LoopDependencies['openSupplier'] = (row) => suppliers.open(row)
  const loops = startLoops({ db, now, log, catalogue, placing, openSupplier, openPrices: prices.open })
  stops.push(() => loops.stop())
  const outgoing = start.openWebhookOutgoing()
  stops.push(() => outgoing.close())
  const payments = openPaymentsOf(start, { db, secret, url: undefined })
  startPayments(start, payments)
  const house = openHouseOfActs(start, { db, secret, outgoing, payments, url: undefined })
  const jobs = repeat(log, 'jobs', JOBS_MS, (isStopping) => workJob(house, isStopping))
  const files = repeat(log, 'files', FILES_MS, (isStopping) => workExport(house, isStopping))
  stops.push(async () => {
    await Promise.all([jobs.stop(), files.stop()])
  })
  const adding = openAddingUp(db, now)
  // Never at once again: a rush of orders comes first, and the figures say how old they are.
  const reports = repeat(log, 'reports', REPORTS_MS, () => adding.round().then((isComplete) => (isComplete ? 0 : 'soon')))
  stops.push(() => reports.stop())
  const kept = repeat(log, 'kept reports', KEPT_REPORTS_MS, () => keepReport(db, now()))
  stops.push(() => kept.stop())
  // Never rarer: what is wrong should be told while it is.
  const judging = repeat(log, 'incidents', SWEEP_MS, () => judgeFigures(db, now()).then(() => 'soon' as const))
  stops.push(() => judging.stop())
  const worker = startWebhookWorker({
    db,
    now,
    log,
    secret,
    outgoing,
    get site() {
      return siteOf(config, settings.current())
    },
  })
  stops.push(() => worker.stop())
  startSupport(start, db, secret)
  startReferrals(start, db)
  startAnnouncements(start, db, secret)
  const sweep = async () => {
    await sweepSignIn(db, now())
    await sweepStaffSignIn(db, now())
    await forgetOldMails(db, now())
    await forgetOldExports(db, now())
    return 0
  }
  const sweeping = repeat(log, 'sign-in', SWEEP_MS * 10, sweep)
  stops.push(() => sweeping.stop())
  if (config.smtpUrl !== undefined) {
    const sender = () => settings.current().mailFrom
    const postman = startPostman({ db, now, log, secret, server: openMailServer(config.smtpUrl, sender) }, () => sender() !== undefined)
    stops.push(() => postman.stop())
  }
}

/** Mails what one side of a ticket has not seen, and ends what was left. */
function startSupport({ config, settings, log, now, stops }: StartContext, db: Database, secret: Secret): void {
  const site = () => siteOf(config, settings.current())
  const mailing = repeat(log, 'tickets to mail', TICKETS_MS, () => mailTickets({ db, now, secret, site: site() }))
  const sweeping = repeat(log, 'old tickets', SWEEP_MS, () => sweepTickets(db, now()))
  stops.push(async () => {
    await Promise.all([mailing.stop(), sweeping.stop()])
  })
}

/** Notes who ordered what announcements are about, and mails them to those who want it. */
function startAnnouncements({ config, settings, log, now, stops }: StartContext, db: Database, secret: Secret): void {
  const looking = repeat(log, 'readers of announcements', ANNOUNCEMENTS_MS, () => lookUpAudience(db, now()))
  const mailing = repeat(log, 'announcements to mail', SWEEP_MS, () =>
    mailAnnouncements({ db, now, secret, site: siteOf(config, settings.current()) }),
  )
  stops.push(async () => {
    await Promise.all([looking.stop(), mailing.stop()])
  })
}

/** Notes what referred accounts kept, and pays what is ripe. */
function startReferrals({ settings, log, now, stops }: StartContext, db: Database): void {
  const reading = repeat(log, 'referrals', REFERRALS_MS, () => readReferredBooks(db, now()).then((isComplete) => (isComplete ? 0 : 'soon')))
  const paying = repeat(log, 'commissions', SWEEP_MS, () => payDueCommissions(db, settings.current().referrals, now()).then(() => 0))
  stops.push(async () => {
    await Promise.all([reading.stop(), paying.stop()])
  })
}

/** Looks at payments that are open, and handles calls of gateways that were left. */
function startPayments({ log, stops }: Pick<StartContext, 'log' | 'stops'>, payments: PaymentContext): void {
  const loops = [
    repeat(log, 'payments', PAYMENTS_MS, () => lookAtDue(payments)),
    repeat(log, 'money to give back', PAYMENTS_MS, () => askGivebacks(payments)),
    repeat(log, 'top-ups', PAYMENTS_MS, () => topUpDue(payments)),
    repeat(log, 'calls of gateways', PAYMENTS_MS, () => handleLeftCalls(payments).then(() => 0)),
    repeat(log, 'exchange rates', SWEEP_MS, () => fetchRates(payments)),
    repeat(log, 'old exchange rates', SWEEP_MS * 10, () => watchRates(payments).then(() => 0)),
    repeat(log, 'days to reconcile', SWEEP_MS * 10, () => noteReportDays(payments).then(() => 0)),
    repeat(log, 'reports of gateways', SWEEP_MS, () => askForReports(payments)),
    repeat(log, 'old payments', SWEEP_MS, () =>
      expirePayments(payments)
        .then(() => forgetOldCalls(payments.db, payments.now()))
        .then(() => 0),
    ),
  ]
  stops.push(async () => {
    await Promise.all(loops.map((loop) => loop.stop()))
  })
}

/** Continues mass orders that no browser watches any more, and deletes old ones. */
export function startMassOrders(context: ApiContext, { log, stops }: Pick<StartContext, 'log' | 'stops'>): void {
  const placing = repeat(log, 'mass orders', LEFT_MASS_ORDERS_MS, () => placeLeftMassOrder(context))
  stops.push(() => placing.stop())
  const forgetting = repeat(log, 'old mass orders', SWEEP_MS * 60, () => forgetOldMassOrders(context).then(() => 0))
  stops.push(() => forgetting.stop())
}
