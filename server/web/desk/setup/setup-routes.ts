import type { FastifyReply } from 'fastify'
import { setupSkip } from '../../../acts/setup-skip.ts'
import { refuse } from '../../../refusal.ts'
import { showSettings } from '../../../settings/list.ts'
import { newestVersion, readSaved } from '../../../settings/settings.ts'
import { setupSteps, type SetupStep } from '../../../settings/setup.ts'
import { UNPROCESSABLE } from '../../ui/page-ui.ts'
import { runOnDesk } from '../act-routes.ts'
import type { Desk, DeskContext } from '../desk.ts'
import { bodyOf, type SavedSection, saveTyped } from '../settings/settings-routes.ts'
import { showBegin, takeBegin } from './begin-routes.ts'
import { showCustomer, takeCustomer } from './customer-step.ts'
import { showOrder, takeOrder } from './order-step.ts'
import { LOOK } from './look-settings.ts'
import { readProgress } from './progress.ts'
import { showServices, takeImport, takeOwnService, takeSamples } from './services-step.ts'
import { stepAfter } from './setup-page.tsx'
import { showSupplier, takeSupplier } from './supplier-step.ts'

/** The guided path from an empty Docket to the first order. Each step is a page of its own, and can be left out or come back to. */
export function routeSetup(desk: Desk) {
  desk.open('/setup/begin/:token', { page: (visit) => showBegin(visit), form: takeBegin })
  desk.page('/setup', 'settings.manage', async ({ reply, db }) => {
    const { next } = await readProgress(db)
    return reply.redirect(`/desk/setup/${next ?? 'order'}`, 303)
  })
  desk.form('/setup/skip', 'settings.manage', skip)
  desk.page('/setup/look', 'settings.manage', (context) => showLook(context))
  desk.form('/setup/look', 'settings.manage', takeLook)
  desk.page('/setup/supplier', 'suppliers.manage', (context) => showSupplier(context))
  desk.form('/setup/supplier', 'suppliers.manage', takeSupplier)
  desk.page('/setup/services', 'services.manage', (context) => showServices(context))
  desk.form('/setup/services/import', 'services.price', takeImport)
  desk.form('/setup/services/samples', 'services.manage', takeSamples)
  desk.form('/setup/services/own', 'services.manage', takeOwnService)
  desk.page('/setup/customer', 'accounts.manage', (context) => showCustomer(context))
  desk.form('/setup/customer', 'accounts.manage', takeCustomer)
  desk.page('/setup/order', 'orders.place', (context) => showOrder(context))
  desk.form('/setup/order', 'orders.place', takeOrder)
}

async function skip(context: DeskContext): Promise<FastifyReply> {
  const step = bodyOf(context)['step'] ?? ''
  await runOnDesk(context, setupSkip, { step })
  if (step === 'all') return context.reply.redirect('/desk', 303)
  if (!(setupSteps as readonly string[]).includes(step)) throw refuse('incorrect_input')
  const next = stepAfter(step as SetupStep)
  return context.reply.redirect(next === undefined ? '/desk' : `/desk/setup/${next}`, 303)
}

async function showLook(context: DeskContext, refused?: SavedSection & { readonly kind: 'faults' }): Promise<FastifyReply> {
  const { lookPage } = await import('./look.tsx')
  const saved = await readSaved(context.db)
  const view = {
    progress: await readProgress(context.db),
    settings: showSettings(context.house.config, saved),
    seen: newestVersion(saved),
    ...(refused && { typed: bodyOf(context), faults: refused.faults }),
  }
  return context.send(lookPage(context, view), refused ? UNPROCESSABLE : 200)
}

/** What was left as it is counts as answered, too: the name is saved as it stands. */
async function takeLook(context: DeskContext): Promise<FastifyReply> {
  const saved = await saveTyped(context, LOOK)
  if (saved.kind === 'faults') return showLook(context, saved)
  if (saved.changed.length === 0) await runOnDesk(context, setupSkip, { step: 'look' })
  return context.reply.redirect('/desk/setup/supplier', 303)
}
