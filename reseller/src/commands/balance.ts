import { print } from '../output.ts'
import { clientOf, type OfPanel, panelFor } from '../panels.ts'
import { type Commands, panelCommand } from './command.ts'

export function addBalance({ program, world }: Commands): void {
  panelCommand(program, 'balance', 'What is left to order with.').action(async (options: OfPanel & { json?: boolean }) => {
    const answer = await clientOf(world, await panelFor(world, options)).balance({ signal: world.signal })
    print(world, options, answer, [answer.balance, answer.currency].filter(Boolean).join(' '))
  })
}
