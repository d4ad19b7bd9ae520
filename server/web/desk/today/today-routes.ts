import type { Desk } from '../desk.ts'

export function routeToday(desk: Desk) {
  desk.page('/', null, async (context) => {
    const { todayPage } = await import('./today.tsx')
    return context.send(todayPage(context))
  })
}
