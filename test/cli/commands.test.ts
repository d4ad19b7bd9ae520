import { Command } from 'commander'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { addAllCommands, addCommands } from '../../cli/commands/all.ts'

// The default of --since is a day ago.
beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterAll(() => void vi.useRealTimers())

async function whole(): Promise<Command> {
  const program = new Command('docket')
  await addAllCommands(program)
  return program
}

/** What a command explains of itself, and each command below it. */
function explained(command: Command): string[] {
  return [command.helpInformation(), ...command.commands.flatMap(explained)]
}

test('the help of the program lists every command as the command itself says', async () => {
  const program = new Command('docket')
  await addCommands(program, undefined)
  expect(program.helpInformation()).toBe((await whole()).helpInformation())
})

test('a command that is named is the same as among all others', async () => {
  for (const command of (await whole()).commands) {
    const program = new Command('docket')
    await addCommands(program, command.name())
    const found = program.commands.find((each) => each.name() === command.name())!
    expect(explained(found)).toEqual(explained(command))
  }
})
