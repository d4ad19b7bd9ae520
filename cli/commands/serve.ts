import closeWithGrace from 'close-with-grace'
import type { Command } from 'commander'
import type { Logger } from 'pino'
import { type Config, readConfig } from '../../server/config.ts'
import { type OpenDatabase, openDatabase } from '../../server/db/database.ts'
import type { Node } from '../../server/main.ts'
import { openLog } from '../log.ts'

interface ServeOptions {
  port?: string
  host?: string
  role?: string
}

export function addServeCommands(program: Command) {
  const listening = (command: Command) =>
    command
      .option('--port <number>', 'port to listen on (DOCKET_PORT, 8080)')
      .option('--host <address>', 'address to listen on (DOCKET_HOST, 127.0.0.1)')

  listening(program.command('serve'))
    .description('serve the API and the pages, and move the orders; works on an empty database at once')
    .option('--role <roles>', 'http (answer requests), fulfilment (move orders) or http,fulfilment (DOCKET_ROLE, both)')
    .action(async (options: ServeOptions) => {
      const config = configOf(options)
      const log = openLog(config.logLevel)
      const node = await start(config, log)
      log.info({ url: node.url, roles: config.roles }, node.url ? `Docket is ready on ${node.url}` : 'Docket is ready, without http')
      await tellSetupLink(node, config, log)
    })

  listening(program.command('demo'))
    .description('serve with a demo catalogue, an account with a balance and a key, and a supplier that simulates the work')
    .option('--without-history', 'begin with an empty past instead of a month of orders')
    .action(async (options: ServeOptions & { withoutHistory?: boolean }) => {
      const config = configOf(options, { DOCKET_MAILBOX_PAGE: 'on' })
      const log = openLog(config.logLevel === 'info' ? 'warn' : config.logLevel)
      process.stdout.write('Starting Docket with its own PostgreSQL …\n')
      const node = await start(config, log, options.withoutHistory ? undefined : fillPast)
      const { prepareDemo } = await import('../demo/demo.ts')
      try {
        process.stdout.write(await prepareDemo(node, config))
      } catch (error) {
        await node.stop()
        throw error
      }
    })
}

/** While nobody works here, the way in is told at the start. A later one: "docket setup-link". */
async function tellSetupLink(node: Node, config: Config, log: Logger): Promise<void> {
  const { url } = node
  if (url === undefined) return
  const { linkOfFirstStart } = await import('../first-start.ts')
  try {
    const link = await linkOfFirstStart({ url, databaseUrl: node.databaseUrl }, config)
    if (link !== undefined) log.info(`Nobody works here yet. Open this once, within a day, to set Docket up: ${link}`)
  } catch (error) {
    log.warn({ err: error }, 'the link to set Docket up could not be made: "docket setup-link" prints one')
  }
}

function configOf(options: ServeOptions, more: Record<string, string> = {}): Config {
  return readConfig({ DOCKET_PORT: options.port, DOCKET_HOST: options.host, DOCKET_ROLE: options.role, ...more })
}

async function fillPast(database: OpenDatabase, config: Config, isOver: () => boolean): Promise<void> {
  const { fillEmptyPast } = await import('../demo/history.ts')
  const begins = () => process.stdout.write('Filling a month of orders …\n')
  await fillEmptyPast(database.url, config, { begins, isOver })
}

/** The server is loaded only by this command, while its database opens: every other command starts without it. */
async function start(
  config: Config,
  log: Logger,
  fill?: (database: OpenDatabase, config: Config, isOver: () => boolean) => Promise<void>,
): Promise<Node> {
  let isOver = false
  if (config.empty.length > 0) log.warn({ settings: config.empty }, emptyWords(config.empty))
  const opening = openDatabase(config, (message, level = 'info') => log[level](message)).then(async (database) => {
    await fill?.(database, config, () => isOver)
    return database
  })
  opening.catch(() => {})
  const { startPanels } = await import('../../server/panels/panels.ts')
  const starting = startPanels(config, log, undefined, { database: opening })
  // A port that is taken ends the start while the database is still being filled.
  starting.catch(() => (isOver = true))
  stopWithGrace(starting, config, log)
  return starting
}

/** An env file ends a value at a #, so a colour or a password can be lost without a warning. */
function emptyWords(names: readonly string[]): string {
  return `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} empty, so the default is used; in an env file put a value that contains # in quotes`
}

/** SIGTERM and Ctrl-C let the work under way finish first, also a start; a second signal, or the end of the time limit, stops at once. */
function stopWithGrace(starting: Promise<Node>, config: Config, log: Logger) {
  closeWithGrace({ delay: config.drainTimeoutSeconds * 1000, logger: false }, async ({ signal, err }) => {
    if (err) log.fatal({ err }, 'an unexpected fault: stopping')
    else log.info({ signal }, 'stopping: taking no new work, finishing the work under way')
    const node = await starting.catch(() => undefined)
    await node?.stop()
    log.info('stopped')
  })
}
