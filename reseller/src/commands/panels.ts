import { ask } from '../ask.ts'
import { exits, Failure } from '../failures.ts'
import { print, table, tell } from '../output.ts'
import { clientOf, placeOfPanels, readAddress, readPanels, writePanels } from '../panels.ts'
import type { World } from '../world.ts'
import type { Commands } from './command.ts'

interface LoginOptions {
  readonly url: string
  readonly insecure?: boolean
  readonly usual?: boolean
  readonly json?: boolean
}

export function addLogin({ program, world }: Commands): void {
  program
    .command('login')
    .description('Keep the key of a panel. It is asked for, or read from the standard input, and tried before it is kept.')
    .argument('[name]', 'what you call the panel, else the name of its host')
    .requiredOption('--url <address>', 'the address of its API, like https://panel.example/api/v2')
    .option('--usual', 'use it where no panel is named')
    .option('--insecure', 'also over http://')
    .option('--json', 'answer in JSON, for programs')
    .action((name: string | undefined, options: LoginOptions) => login(world, name, options))

  program
    .command('logout')
    .description('Forget a panel and its key.')
    .argument('<name>', 'a panel')
    .action((name: string) => logout(world, name))

  program
    .command('panels')
    .description('List the panels that are known, without their keys.')
    .option('--names', 'their names alone')
    .option('--json', 'answer in JSON, for programs')
    .action((options: { names?: boolean; json?: boolean }) => listPanels(world, options))
}

async function login(world: World, named: string | undefined, options: LoginOptions): Promise<void> {
  const url = readAddress(options.url, options.insecure === true)
  const name = named ?? new URL(url).hostname
  if (!/^[\w.-]{1,60}$/.test(name)) throw new Failure(exits.usage, 'incorrect_name', 'A name has letters, digits, dots and dashes')
  const key = await ask(world, `API key for ${url}: `, { secret: true })
  if (!/^[!-~]{1,500}$/.test(key)) throw new Failure(exits.usage, 'incorrect_key', 'That is no API key')
  const { balance, currency } = await clientOf(world, { url, key }).balance({ signal: world.signal })
  const known = await readPanels(world)
  const usual = options.usual || known.usual === null ? name : known.usual
  await writePanels(world, { usual, panels: { ...known.panels, [name]: { url, key } } })
  const place = placeOfPanels(world)
  const answer = { panel: name, url, usual: usual === name, file: place, balance, currency }
  print(world, options, answer, `The key of ${name} is kept in ${place}. Balance: ${balance} ${currency ?? ''}`.trimEnd())
}

async function logout(world: World, name: string): Promise<void> {
  const { usual, panels } = await readPanels(world)
  if (!Object.hasOwn(panels, name)) throw new Failure(exits.usage, 'no_panel', `There is no panel "${name}"`)
  const left = Object.fromEntries(Object.entries(panels).filter(([other]) => other !== name))
  const [first] = Object.keys(left)
  await writePanels(world, { usual: usual === name ? (first ?? null) : usual, panels: left })
  tell(world, {}, `${name} is forgotten. Whoever has a copy of its key can still use it: revoke it at the panel.`)
}

async function listPanels(world: World, options: { names?: boolean; json?: boolean }): Promise<void> {
  const { usual, panels } = await readPanels(world)
  const rows = Object.entries(panels).map(([name, { url }]) => ({ panel: name, url, usual: name === usual }))
  const text = options.names
    ? rows.map(({ panel }) => panel).join('\n')
    : table(
        world,
        ['Panel', 'Address', ''],
        rows.map((row) => [row.panel, row.url, row.usual ? 'usual' : '']),
      )
  print(world, options, rows, text)
}
