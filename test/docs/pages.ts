import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { eventually } from '../support/clients.ts'
import { glyconTables, SMALL, writeDump } from '../move-in/dumps.ts'
import { freshDatabase, send } from '../support/docket.ts'
import { askShop, type Shop } from './shop.ts'

interface Page {
  /** Its commands run beside `docket demo`, or beside `docket serve` on an empty database. */
  readonly beside: 'demo' | 'serve'
  /** Blocks that are not run, by their first line, and why. */
  readonly notRun?: Readonly<Record<string, string>>
  /** Brings about the state that the page speaks of. Answers texts of the page, and the texts that replace them in this shop. */
  readonly prepare?: (shop: Shop) => Promise<Record<string, string>>
}

/** The pages with blocks marked `sh`, in the order in which they are run: those beside the demo share one. */
export const pages: Readonly<Record<string, Page>> = {
  'README.md': {
    beside: 'demo',
    notRun: {
      'npm ci && npm run demo': 'installs packages; the test starts the same demo',
      'npm ci && npm test': 'is what runs this test',
    },
  },
  'docs/getting-started.md': {
    beside: 'serve',
    notRun: { 'npx docket serve': 'ends only when it is stopped; the test has started it' },
  },
  'docs/set-up.md': {
    beside: 'serve',
    // The page before has opened an account and put a service on sale.
    prepare: async ({ panel }) => ({
      'https://panel.example/api/v2': `${panel.url} --private-network`,
      '--account 1': '--account 2',
      '--service 1 ': '--service 1449 ',
    }),
  },
  'docs/services.md': { beside: 'demo' },
  'docs/keys.md': { beside: 'demo' },
  'docs/sign-in.md': { beside: 'demo' },
  'docs/webhooks.md': { beside: 'demo', prepare: async () => ({ 'shop.example': '93.184.216.34' }) },
  'docs/promises.md': { beside: 'demo' },
  'docs/suppliers.md': {
    beside: 'demo',
    prepare: async ({ panel }) => ({ 'https://panel.example/api/v2': `${panel.url} --private-network` }),
  },
  'docs/payments.md': {
    beside: 'demo',
    // The demo has a way to pay already.
    prepare: async () => ({ 'set 2 --currency': 'set 3 --currency', 'test 2': 'test 3', 'on 2': 'on 3' }),
  },
  'docs/work-by-hand.md': { beside: 'demo' },
  'docs/staff.md': { beside: 'demo' },
  'docs/shop-front.md': { beside: 'demo' },
  'docs/child-panels.md': { beside: 'demo', prepare: aChildPanel },
  'docs/support.md': {
    beside: 'demo',
    notRun: { 'npx docket speed-up list': 'no order of the demo is late so soon; test/tickets/at-once.test.ts answers one' },
    prepare: twoTickets,
  },
  'docs/referrals.md': { beside: 'demo' },
  'docs/announcements.md': { beside: 'demo' },
  'docs/hand-offs.md': { beside: 'demo', prepare: ordersThatWait },
  'docs/orders-by-hand.md': { beside: 'demo', prepare: ordersToChange },
  'docs/subscriptions.md': { beside: 'demo', prepare: subscriptionsOfBothKinds },
  'docs/database.md': {
    beside: 'demo',
    prepare: async () => ({ 'postgres://docket:secret@db.internal/docket': await freshDatabase() }),
  },
  'docs/operating.md': { beside: 'demo' },
  'docs/moving-in.md': {
    beside: 'serve',
    notRun: {
      'npx docket move-in hosted https://old.example --key-file operator.key --services-key-file reseller.key --suppliers suppliers.csv':
        'a fake of its admin API is moved in by test/move-in/hosted.test.ts',
    },
    prepare: panelToMoveIn,
  },
}

/** A dump of another panel, whose supplier is the one of the pages. */
async function panelToMoveIn({ directory, panel }: Shop): Promise<Record<string, string>> {
  await writeDump(join(directory, 'panel.sql'), glyconTables(SMALL, panel.url))
  return {}
}

/** A panel that is made already; the page's own is made while the page is run. */
async function aChildPanel(shop: Shop): Promise<Record<string, string>> {
  await askShop(shop, 'child add https://made.example --account 1')
  const listed = () => askShop<{ host: string; state: string }[]>(shop, 'child list')
  await eventually('a panel is made', async () => (await listed()).some(({ host, state }) => host === 'made.example' && state === 'open'))
  return { ' shop.example': ' made.example' }
}

/** Two tickets of a customer, and somebody who answers. */
async function twoTickets(shop: Shop): Promise<Record<string, string>> {
  const open = async () => (await askShop<{ ticket: number }>(shop, 'ticket open --account 1 --text Hello')).ticket
  const [into, from] = [await open(), await open()]
  const { staff } = await askShop<{ staff: number }>(shop, 'staff add --email bor@example.com --name Bor --role support')
  return { ' 12': ` ${from}`, '--into 11': `--into ${into}`, '--staff 2': `--staff ${staff}` }
}

/** Three orders whose answers were lost, one whose end cannot be believed, and their alerts. */
async function ordersThatWait(shop: Shop): Promise<Record<string, string>> {
  for (let time = 0; time < 3; time += 1) shop.panel.fail('lost reply', 'add')
  const lost: number[] = []
  for (const link of ['https://example.com/lost/1', 'https://example.com/lost/2', 'https://example.com/lost/3']) {
    const id = await order(shop, { service: 101, link, quantity: 500 })
    await eventually(`order ${id} waits for a person`, async () => (await waiting(shop)).includes(id))
    lost.push(id)
  }
  const partial = await order(shop, { service: 101, link: 'https://example.com/partial', quantity: 500 })
  const theirs = await eventually('the panel has it', () => theirOrder(shop, 'link', 'https://example.com/partial'))
  Object.assign(theirs, { status: 'Partial', remains: 1000 })
  await eventually('its end is not believed', async () => (await waiting(shop)).includes(partial))
  const [alert] = await askShop<{ id: number }[]>(shop, 'alerts')
  return {
    'acknowledge 7': `acknowledge ${alert!.id}`,
    23501: String(lost[0]),
    23502: String(lost[1]),
    23503: String(lost[2]),
    23504: String(partial),
    8812: String(theirOrder(shop, 'link', 'https://example.com/lost/2')!.id),
  }
}

/** Two orders that have not ended. */
async function ordersToChange(shop: Shop): Promise<Record<string, string>> {
  const [first, second] = [
    await order(shop, { service: 101, link: 'https://example.com/by-hand/1', quantity: 500 }),
    await order(shop, { service: 101, link: 'https://example.com/by-hand/2', quantity: 500 }),
  ]
  return { '41-42': `${first}-${second}`, ' 41 ': ` ${first} ` }
}

/** A subscription that its supplier watches, with two orders whose quantity cannot be known, and one that is told of posts. */
async function subscriptionsOfBothKinds(shop: Shop): Promise<Record<string, string>> {
  const ofPosts = [{ service: 209, name: 'Posts', type: 'Subscriptions', rate: '900', min: 1, max: 20 }]
  await writeFile(join(shop.directory, 'posts.json'), JSON.stringify(ofPosts))
  await askShop(shop, 'service import posts.json')
  await askShop(shop, 'service set 209 --supplier simulated')
  const fields = { min: 1, max: 5, posts: 5, delay: 0 }
  const fed = await order(shop, { ...fields, service: 209, username: 'fed' })
  await askShop(shop, 'service bind 202 --supplier acme --their-service 91 --their-type Subscriptions --position 1')
  const watched = await order(shop, { ...fields, service: 202, username: 'watched' })
  const theirs = await eventually('the panel watches', () => theirOrder(shop, 'username', 'watched'))
  const children = [0, 1].map(() => shop.panel.findPost(theirs.id, { quantity: 1, charge: '0.33333' }).id)
  await eventually('staff are asked', async () => {
    const asked = (await askShop<{ words: string }[]>(shop, 'alerts')).map(({ words }) => words).join('\n')
    return children.every((child) => asked.includes(String(child)))
  })
  return { 'child 12': `child ${watched}`, 8813: String(children[0]), 8814: String(children[1]), 'post 13': `post ${fed}` }
}

async function order({ server, variables }: Shop, fields: Record<string, string | number>): Promise<number> {
  const response = await send(server.url, { key: variables['KEY'], action: 'add', ...fields })
  const answer = (await response.json()) as { order: number }
  expect(answer).toEqual({ order: expect.any(Number) })
  return answer.order
}

async function waiting(shop: Shop): Promise<number[]> {
  return (await askShop<{ order: number }[]>(shop, 'hand-off list')).map((row) => row.order)
}

function theirOrder({ panel }: Shop, field: string, value: string) {
  return panel.orders.find(({ fields }) => fields[field] === value)
}
