import type { Logger } from 'pino'
import { childDatabaseUrl } from '../children/access.ts'
import { readChildren, type Child } from '../children/children.ts'
import { noteFault } from '../children/health.ts'
import { changeKey } from '../children/keys.ts'
import { bringLink, dropChild, makeChild, type Maker, withChild } from '../children/make.ts'
import { takeRents } from '../children/rent.ts'
import type { Config } from '../config.ts'
import { siteOf } from '../customers/account-context.ts'
import { openPool } from '../db/pool.ts'
import { tryNow } from '../fulfilment/staff.ts'
import type { Elsewhere } from '../http.ts'
import { closeAlerts } from '../loops/alerts.ts'
import { repeat } from '../loops/repeat.ts'
import { openTurns } from '../loops/turns.ts'
import { type Node, type NodeParts, startNode } from '../main.ts'
import { refuse } from '../refusal.ts'
import { stopAll, type Stops } from '../roles/stopping.ts'
import { openSecret } from '../secret.ts'
import { type LiveSettings, openSettings } from '../settings/settings.ts'
import { readSuppliers } from '../suppliers/registry.ts'
import { startWatchdog } from '../watchdog.ts'
import { answering } from './answering.ts'
import { type ChildPanel, type Hosting, openChildPanel } from './child-panel.ts'
import { type Chores, openChores } from './chores.ts'
import { openGate } from './gate.ts'
import { hostOf, isOneHost } from './host-of.ts'

const LOOK_FOR_CHANGES_MS = 1000
const LOOK_AT_HEALTH_MS = 30_000
const RENT_MS = 5000
/** A child whose database does not answer keeps its place for some seconds, so it must not be the only one. */
const AT_A_TIME = 4

/**
 * Starts a panel and, in the same process, the child panels of its table: each with its own database, pools, settings and loops. Requests are told
 * apart by their host. The panel itself is started first and stopped last, because it is the supplier of the others.
 */
export async function startPanels(config: Config, log: Logger, now: () => Date = () => new Date(), given: NodeParts = {}): Promise<Node> {
  if (!config.hostsChildren) return startNode(config, log, now, given)
  const panels: Panels = { byId: new Map(), byHost: new Map() }
  const node = await startNode(config, log, now, { ...given, elsewhere: elsewhereIn(panels, config) })
  try {
    const hosting = await openHosting(config, log, now, node)
    const stop = startHosting(hosting, panels)
    return {
      ...node,
      async stop() {
        await stop()
        await node.stop()
      },
    }
  } catch (error) {
    await node.stop()
    throw error
  }
}

interface Panels {
  readonly byId: Map<number, ChildPanel>
  /** Every host of the table; undefined: its panel is still being made, or is gone. */
  byHost: ReadonlyMap<string, ChildPanel | undefined>
}

interface OpenHosting extends Hosting {
  readonly settings: LiveSettings
  readonly close: () => Promise<void>
}

async function openHosting(config: Config, log: Logger, now: () => Date, node: Node): Promise<OpenHosting> {
  const db = openPool(node.databaseUrl, { size: 2, name: 'docket children', queryTimeoutMs: 60_000 })
  const secret = await openSecret(config)
  const settings = openSettings(config)
  await settings.refresh(db)
  const watchdog = startWatchdog(log)
  const site = () => siteOf({ ...config, publicUrl: config.publicUrl ?? node.url }, settings.current())
  const maker: Maker = { db, databaseUrl: node.databaseUrl, secret, now, site }
  return {
    config,
    log,
    maker,
    settings,
    mailFrom: () => settings.current().mailFrom,
    watchdog,
    gate: openGate(config.childConnections),
    inTurn: openTurns(AT_A_TIME),
    async close() {
      await watchdog.stop()
      await db.end()
    },
  }
}

/** Hosts what the table says, and makes and drops what is to be made and dropped. Answers how it is stopped. */
function startHosting(hosting: OpenHosting, panels: Panels): () => Promise<void> {
  const { log, config, maker } = hosting
  const chores = openChores()
  const following = repeat(log, 'child panels', LOOK_FOR_CHANGES_MS, async (): Promise<'soon'> => {
    const children = await readChildren(maker.db)
    follow(hosting, panels, chores, children)
    if (config.roles.fulfilment) for (const child of children) chores.begin(child.id, () => workOn(hosting, child))
    return 'soon'
  })
  const landlord = { ...maker, graceDays: () => hosting.settings.current().child.graceDays }
  const renting = repeat(log, 'rent of child panels', RENT_MS, async () => {
    if (!config.roles.fulfilment) return 0
    await hosting.settings.refresh(maker.db)
    return takeRents(landlord)
  })
  const looking = repeat(log, 'health of child panels', LOOK_AT_HEALTH_MS, async (): Promise<'soon'> => {
    if (config.roles.fulfilment) await Promise.all([...panels.byId.values()].map((panel) => panel.look().catch(() => {})))
    return 'soon'
  })
  const stops: Stops = [
    () => hosting.close(),
    async () => {
      await Promise.all([...panels.byId.values()].map((panel) => panel.stop()))
      panels.byHost = new Map()
    },
    () => Promise.all([following.stop(), renting.stop(), looking.stop(), chores.stop()]),
  ]
  // The panel itself, which is stopped after its children, needs the other half of the time.
  return () => stopAll(stops, performance.now() + (config.drainTimeoutSeconds * 1000) / 2, log)
}

/** Begins to host what is new, and stops what is not hosted any more. */
function follow(hosting: OpenHosting, panels: Panels, chores: Chores, children: readonly Child[]): void {
  const hosted = new Map(children.filter(isHosted).map((child) => [child.id, child]))
  for (const [id, panel] of panels.byId) {
    const child = hosted.get(id)
    if (child) panel.child = child
    else {
      panels.byId.delete(id)
      chores.begin(id, () => panel.stop())
    }
  }
  for (const child of hosted.values()) if (!panels.byId.has(child.id)) panels.byId.set(child.id, openChildPanel(hosting, child))
  panels.byHost = new Map(children.map((child) => [child.host, panels.byId.get(child.id)]))
}

function isHosted({ state }: Child): boolean {
  return state === 'open' || state === 'suspended' || state === 'closed'
}

/** What is to be done to the database of a child; it throws when it could not be. */
async function workOn({ maker, log }: OpenHosting, child: Child): Promise<void> {
  try {
    if (child.state === 'making') await makeChild(maker, child)
    else if (child.state === 'dropping') await dropChild(maker, child)
    else {
      await bringLink(maker, child)
      if (await changeKey(maker, child)) await tryAgain(maker, child)
    }
  } catch (error) {
    log.error({ err: error, panel: child.host }, 'the work on a child panel failed, and will be tried again')
    await noteFault(maker.db, child.id, error, maker.now()).catch(() => {})
    throw error
  }
}

/** What waited because the parent refused the old key is handed over at once. */
async function tryAgain(maker: Maker, child: Child): Promise<void> {
  await withChild(await childDatabaseUrl(maker, child), async (db) => {
    const parent = (await readSuppliers(db)).find(({ locked }) => locked)
    if (!parent) return
    await closeAlerts(db, { kind: 'supplier refuses our key', supplierId: parent.id, orderId: null }, maker.now())
    await tryNow(db, parent.name, maker.now())
  })
}

/** Requests whose host is a child's are the child's, and all others the panel's own. */
function elsewhereIn(panels: Panels, { trustProxy }: Config): Elsewhere {
  return (request) => {
    if (!isOneHost(request)) return TWO_HOSTS
    if (panels.byHost.size === 0) return undefined
    const host = hostOf(request, trustProxy)
    if (host === undefined || !panels.byHost.has(host)) return undefined
    return panels.byHost.get(host)?.handler() ?? STARTING
  }
}

const STARTING = answering(refuse('starting'))
const TWO_HOSTS = answering(refuse('incorrect_request'), 400)
