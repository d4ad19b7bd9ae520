import { serviceSet } from '../../../acts/service-set.ts'
import { readServiceFile } from '../../../catalog/service-file.ts'
import { readServiceLines } from '../../../staff/log.ts'
import { type Desk, type DeskContext, ownDeskAddress } from '../desk.ts'
import { refuse } from '../../../refusal.ts'
import { routeChanges } from './change-routes.ts'

const MOST_LINES = 50

export function routeServices(desk: Desk) {
  desk.page('/services', 'services.read', async (context) => {
    const { sheetPage } = await import('./sheet-page.tsx')
    return context.send(await sheetPage(context))
  })
  desk.page('/services/history', 'log.read', async (context) => {
    const { historyPage } = await import('./history.tsx')
    const before = context.query.get('before') ?? ''
    const lines = await readServiceLines(context.db, null, /^\d{1,15}$/.test(before) ? BigInt(before) : null, MOST_LINES)
    return context.send(historyPage(context, lines, lines.length === MOST_LINES ? lines.at(-1)!.line : null))
  })
  routeChanges(desk)
  desk.page('/services/:service', 'services.read', async (context) => {
    const { servicePage } = await import('./service-page.tsx')
    return context.send(await servicePage(context, serviceOf(context)))
  })
  desk.page('/services/:service/edit', 'services.manage', async (context) => {
    const file = await readServiceFile(context.db, serviceOf(context))
    const [{ actFormPage }, { termsGiven }] = await Promise.all([import('../act-form.tsx'), import('./service-parts.tsx')])
    const { name, category, description, rate, min, max, state } = file
    const mayPrice = context.staff.may.has('services.price')
    const words = { service: String(file.id), name, category, description, ...(mayPrice && { rate }) }
    const given = { ...words, min: String(min), max: String(max), state, ...termsGiven(file) }
    const back = ownDeskAddress(context.query.get('back') ?? `/desk/services/${file.id}`)
    return context.send(actFormPage({ context, act: serviceSet, with: given, fixed: new Set(['service']), back }))
  })
}

function serviceOf({ params }: DeskContext): number {
  const text = params['service'] ?? ''
  if (!/^[1-9]\d{0,8}$/.test(text)) throw refuse('unknown_service', text)
  return Number(text)
}
