import closeWithGrace from 'close-with-grace'
import type { Command } from 'commander'
import pino, { type Logger } from 'pino'
import { type Config, readConfig } from '../../server/config.ts'
import { type Node, startNode } from '../../server/main.ts'
import { prepareDemo } from '../demo/demo.ts'

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
    .description('serve the API and work the orders; needs no answers on an empty database')
    .option('--role <roles>', 'http, fulfilment or http,fulfilment (DOCKET_ROLE, both)')
    .action(async (options: ServeOptions) => {
      const config = configOf(options)
      const log = pino({ level: config.logLevel })
      const node = await startNode(config, log)
      stopWithGrace(node, config, log)
      log.info({ url: node.url, roles: config.roles }, node.url ? `Docket is ready on ${node.url}` : 'Docket is ready, without http')
    })

  listening(program.command('demo'))
    .description('serve with a demo catalogue, an account with a balance and a key, and a supplier that simulates the work')
    .action(async (options: ServeOptions) => {
      const config = configOf(options)
      const log = pino({ level: config.logLevel === 'info' ? 'warn' : config.logLevel })
      process.stdout.write('Starting Docket with its own PostgreSQL …\n')
      const node = await startNode(config, log)
      stopWithGrace(node, config, log)
      process.stdout.write(await prepareDemo(node))
    })
}

function configOf(options: ServeOptions): Config {
  return readConfig({ DOCKET_PORT: options.port, DOCKET_HOST: options.host, DOCKET_ROLE: options.role })
}

/** SIGTERM and Ctrl-C finish what is under way first; a second signal, or the time being up, ends at once. */
function stopWithGrace(node: Node, config: Config, log: Logger) {
  closeWithGrace({ delay: config.drainTimeoutSeconds * 1000, logger: false }, async ({ signal, err }) => {
    if (err) log.fatal({ err }, 'an unexpected fault: stopping')
    else log.info({ signal }, 'stopping: no new work, finishing what is under way')
    await node.stop()
    log.info('stopped')
  })
}
