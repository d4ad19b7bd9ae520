import { Command, CommanderError } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { addBalance } from './commands/balance.ts'
import { addCompletion } from './commands/completion.ts'
import { addCancel, addRefill } from './commands/on-orders.ts'
import { addOrder } from './commands/order.ts'
import { addLogin } from './commands/panels.ts'
import { addServices } from './commands/services.ts'
import { addStatus } from './commands/status.ts'
import { addTicket } from './commands/ticket.ts'
import { codeOf, type Exit, exitOf, exits } from './failures.ts'
import { clean } from './output.ts'
import type { World } from './world.ts'

/** Runs a command and answers its exit code. */
export async function run(words: readonly string[], world: World): Promise<Exit> {
  let exit: Exit = exits.done
  const program = makeProgram(world, (ended) => {
    exit = ended
  })
  try {
    await program.parseAsync(words, { from: 'user' })
    return exit
  } catch (error) {
    // Help and the version also end in this way.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exits.done : exits.usage
    return tellFailure(world, error, words.includes('--json'))
  }
}

const EXITS = `
Exit codes: 0 done · 1 a fault on this machine · 2 wrong usage · 3 refused by the panel · 4 nobody knows whether it was done ·
5 no key, or not taken · 6 not now, nothing was done · 130 interrupted`

/** Every command. `end` is told how a command ended that did not throw. */
export function makeProgram(world: World, end: (exit: Exit) => void): Command {
  const program = new Command('docket-order')
    .description('Orders at any panel of the common order API (v2), from the command line.')
    .version(packageJson.version)
    .showHelpAfterError('(--help lists the arguments and options)')
    .addHelpText('after', EXITS)
    .configureHelp({ helpWidth: world.out.isTTY ? world.out.columns : 100 })
    .configureOutput({ writeOut: (text) => world.out.write(text), writeErr: (text) => world.err.write(text) })
    // Options behind "order mass" are those of mass.
    .enablePositionalOptions()
    .exitOverride()
  const commands = { program, world, end }
  addLogin(commands)
  addBalance(commands)
  addServices(commands)
  addOrder(commands)
  addStatus(commands)
  addRefill(commands)
  addCancel(commands)
  addTicket(commands)
  addCompletion(commands)
  return program
}

function tellFailure({ out, err }: World, error: unknown, json: boolean): Exit {
  const message = clean(error instanceof Error ? error.message : String(error))
  if (json) out.write(`${JSON.stringify({ error: { code: codeOf(error), message } })}\n`)
  err.write(`docket-order: ${message}\n`)
  return exitOf(error, false)
}
