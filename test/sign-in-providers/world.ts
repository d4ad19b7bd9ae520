import { afterAll, beforeAll } from 'vitest'
import { findUserByEmail } from '../../server/customers/users.ts'
import { type Came, type CookieBrowser, cookieBrowser } from '../support/cookie-browser.ts'
import { openDesk } from '../support/desk.ts'
import { type Docket, openDocket } from '../support/docket.ts'
import { openIdProvider, type OpenIdProvider, type Someone } from '../support/openid-provider.ts'
import { accountContext, type Person, person } from '../support/people.ts'

export interface ProviderWorld extends Docket {
  readonly provider: OpenIdProvider
  browser(): CookieBrowser
}

/** A panel that offers a provider on this machine, under the name `own`, and lets people register. */
export function openWorld(settings: Record<string, string> = {}): ProviderWorld {
  const docket = openDocket({
    DOCKET_REGISTRATION: 'on',
    DOCKET_TRUST_PROXY: '1',
    DOCKET_SECRET: 'a secret of at least thirty-two characters',
    ...settings,
  })
  const world = docket as Docket & { -readonly [name in keyof ProviderWorld]: ProviderWorld[name] }
  beforeAll(async () => {
    world.provider = await openIdProvider(docket.clock.now)
    await offer(world)
  })
  afterAll(() => world.provider.close())
  world.browser = () => cookieBrowser(docket.node.url!)
  return world
}

/** Sets the provider up as an operator does, on the desk. */
export async function offer(world: Docket & Pick<ProviderWorld, 'provider'>, fields: Record<string, string> = {}) {
  const { issuer, clientId, clientSecret } = world.provider
  // What a node remembers of a provider ends with each change, by its time.
  world.clock.forward({ seconds: 1 })
  const given = {
    provider: 'own',
    name: 'Own ID',
    issuer,
    client_id: clientId,
    client_secret: clientSecret,
    private_network: 'yes',
    ...fields,
  }
  return (await openDesk(world)).do('sign-in-provider-set', given)
}

let people = 0

/** Somebody at the provider whom nobody has seen. */
export function someone(more: Partial<Someone> = {}): Someone {
  people += 1
  return { sub: `sub-${people}`, email: `someone${people}@mail.example`, email_verified: true, ...more }
}

/** Presses the button and answers the address at the provider to which the browser is led. */
export async function begin(browser: CookieBrowser, { next = '', page = '/sign-in' } = {}): Promise<URL> {
  await browser.get(page)
  return placeOf(await browser.post('/sign-in/with/own', { next }))
}

export function placeOf(led: Came): URL {
  const place = /^0;url=(.+)$/.exec(led.headers.get('refresh') ?? '')?.[1]
  if (place === undefined) throw new Error(`led nowhere: HTTP ${led.status} ${led.location} ${/<h1>([^<]*)/.exec(led.html)?.[1]}`)
  return new URL(place)
}

/** Goes to the provider, where somebody agrees or cancels, and answers the address to which it leads back. */
export async function atProvider({ provider }: Pick<ProviderWorld, 'provider'>, place: URL, who: Someone | undefined): Promise<string> {
  provider.someone = who
  const answer = await fetch(place, { redirect: 'manual' })
  return answer.headers.get('location')!
}

/** The whole way: the button, the provider, and back. */
export async function comeBack(world: ProviderWorld, browser: CookieBrowser, who: Someone | undefined, next = ''): Promise<Came> {
  return browser.get(await atProvider(world, await begin(browser, { next }), who))
}

/** Opens an account by the provider, and answers its browser and whose it is. */
export async function opened(world: ProviderWorld, who = someone()): Promise<{ who: Someone; browser: CookieBrowser; person: Person }> {
  const browser = world.browser()
  const page = await comeBack(world, browser, who)
  const done = await browser.post('/register/with-provider', { ticket: hidden(page.html, 'ticket') })
  if (done.location !== '/start') throw new Error(`no account: HTTP ${done.status} ${titleOf(done)}`)
  const user = (await findUserByEmail(world.db, who.email!))!
  return { who, browser, person: { accountId: user.accountId, userId: user.id, email: user.email } }
}

/** Somebody with a password, whose address was confirmed or not. */
export async function withPassword(world: Docket, email: string, { confirmed = true } = {}): Promise<Person> {
  const front = await accountContext(world)
  const who = await person(front)
  const now = confirmed ? world.clock.now() : null
  await world.db.query('update users set email = $2, email_confirmed_at = $3 where id = $1', [who.userId, email, now])
  await world.db.query('update accounts set email = $2 where id = $1', [who.accountId, email])
  return { ...who, email }
}

export async function linkedTo(world: Docket, userId: number): Promise<string[]> {
  const { rows } = await world.db.query<{ subject: string }>('select subject from linked_sign_ins where user_id = $1 order by id', [userId])
  return rows.map(({ subject }) => subject)
}

export async function isSignedIn(browser: CookieBrowser): Promise<boolean> {
  return (await browser.get('/account')).status === 200
}

export function hidden(html: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ''
}

export function titleOf({ html }: Came): string {
  return (/<h1>([^<]*)/.exec(html)?.[1] ?? '').replaceAll('&#39;', "'")
}
