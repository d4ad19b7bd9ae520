import { categoryMove } from '../../../acts/service-move.ts'
import { isRefusal } from '../../../refusal.ts'
import { UNPROCESSABLE } from '../../ui/page-ui.ts'
import { leadBack, runOnDesk } from '../act-routes.ts'
import { refusalText } from '../act-words.ts'
import type { Desk } from '../desk.ts'

export function routeCategories(desk: Desk) {
  desk.page('/categories', 'services.read', async (context) => {
    const { categoriesPage } = await import('./categories-page.tsx')
    return context.send(await categoriesPage(context))
  })
  // Where a category goes is seen at once, and moved back as easily: it is done without a preview.
  desk.form('/categories/move', 'services.manage', async (context) => {
    const fields = new URLSearchParams(context.request.body as Record<string, string>)
    const target = ['before', 'after', 'to'].flatMap((name) => (fields.get(name) === null ? [] : [[name, fields.get(name)]]))
    try {
      const answer = await runOnDesk(context, categoryMove, {
        category: fields.get('category') ?? '',
        ...Object.fromEntries(target.slice(0, 1)),
      })
      return leadBack(context, '/desk/categories', answer)
    } catch (error) {
      if (!isRefusal(error)) throw error
      const { categoriesPage } = await import('./categories-page.tsx')
      return context.send(await categoriesPage(context, refusalText(context.ui.frame.texts, error)), UNPROCESSABLE)
    }
  })
}
