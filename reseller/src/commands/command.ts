import { Command, InvalidArgumentError } from 'commander'
import type { Exit } from '../failures.ts'
import type { World } from '../world.ts'

/** What each command is added to. */
export interface Commands {
  readonly program: Command
  readonly world: World
  readonly end: (exit: Exit) => void
}

/** A command that calls a panel. */
export function panelCommand(parent: Command, usage: string, about: string): Command {
  return parent
    .command(usage)
    .description(about)
    .option('-p, --panel <name>', 'a panel of "docket-order panels", else the usual one')
    .option('--json', 'answer in JSON, for programs')
}

export function whole(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a positive whole number.')
  return Number(text)
}

export function amount(text: string): string {
  if (!/^\d{1,15}(\.\d{1,12})?$/.test(text)) throw new InvalidArgumentError('It must be an amount like 0.95.')
  return text
}
