import { findChildById, listChildren } from '../../../children/children.ts'
import { readRents } from '../../../children/rent.ts'
import { refuse } from '../../../refusal.ts'
import type { Desk } from '../desk.ts'

const PAGE = 50

/** The panels that this house has sold. */
export function routeChildren(desk: Desk) {
  desk.page('/children', 'children.read', async (context) => {
    const text = context.query.get('behind') ?? ''
    const behind = /^\d{1,9}$/.test(text) ? Number(text) : 0
    const rows = await listChildren(context.db, { behind, most: PAGE + 1 })
    const { childrenPage } = await import('./children-page.tsx')
    return context.send(childrenPage(context, { rows: rows.slice(0, PAGE), hasMore: rows.length > PAGE, isFirst: behind === 0 }))
  })
  desk.page('/children/:child', 'children.read', async (context) => {
    const text = context.params['child'] ?? ''
    const child = /^[1-9]\d{0,8}$/.test(text) ? await findChildById(context.db, Number(text)) : undefined
    if (!child) throw refuse('unknown_child_panel', text.slice(0, 20))
    const { childPage } = await import('./child-page.tsx')
    return context.send(childPage(context, child, await readRents(context.db, child.id)))
  })
}
