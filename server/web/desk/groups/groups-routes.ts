import { refuse } from '../../../refusal.ts'
import type { Desk } from '../desk.ts'

export function routeGroups(desk: Desk) {
  desk.page('/groups', 'accounts.read', async (context) => {
    const { groupsPage } = await import('./groups-page.tsx')
    return context.send(await groupsPage(context))
  })
  desk.page('/groups/:group', 'accounts.read', async (context) => {
    const text = context.params['group'] ?? ''
    if (!/^[1-9]\d{0,8}$/.test(text)) throw refuse('unknown_group', Number(text) || 0)
    const { groupPage } = await import('./group-page.tsx')
    return context.send(await groupPage(context, Number(text)))
  })
}
