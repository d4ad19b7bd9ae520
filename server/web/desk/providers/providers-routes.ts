import { providerTest } from '../../../acts/provider-test.ts'
import { isRefusal } from '../../../refusal.ts'
import { listProviders } from '../../../sign-in-providers/providers.ts'
import { UNPROCESSABLE } from '../../ui/page-ui.ts'
import { leadBack, runOnDesk } from '../act-routes.ts'
import { refusalText } from '../act-words.ts'
import type { Desk, DeskContext } from '../desk.ts'
import { bodyOf } from '../settings/settings-routes.ts'
import { PROVIDERS } from './address.ts'

const PAGE = '/sign-in-providers'

/** Routes the sign-in providers: all of them, and the test of one. */
export function routeSignInProviders(desk: Desk) {
  desk.page(PAGE, 'settings.read', (context) => draw(context))
  desk.form(PAGE, 'settings.manage', test)
}

async function draw(context: DeskContext, fault?: string) {
  const { providersPage } = await import('./providers-page.tsx')
  const [providers, site] = await Promise.all([listProviders(context.db), context.house.site()])
  return context.send(providersPage(context, { providers, siteUrl: site.url, fault }), fault === undefined ? 200 : UNPROCESSABLE)
}

async function test(context: DeskContext) {
  try {
    return leadBack(context, PROVIDERS, await runOnDesk(context, providerTest, { provider: bodyOf(context)['provider'] }))
  } catch (error) {
    if (!isRefusal(error)) throw error
    return draw(context, refusalText(context.ui.frame.texts, error))
  }
}
