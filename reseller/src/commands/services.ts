import type { Service } from '../../../sdk/src/index.ts'
import { print, table } from '../output.ts'
import { clientOf, type OfPanel, panelFor } from '../panels.ts'
import type { World } from '../world.ts'
import { type Commands, panelCommand } from './command.ts'

interface Options extends OfPanel {
  readonly search?: string
  readonly lang?: string
  readonly json?: boolean
}

export function addServices({ program, world }: Commands): void {
  panelCommand(program, 'services', 'What is on sale, at your own rates.')
    .option('-s, --search <words>', 'only services with all these words in their number, name, category or type')
    .option('--lang <code>', 'their names in this language, where the panel has them')
    .action((options: Options) => listServices(world, options))
}

async function listServices(world: World, options: Options): Promise<void> {
  const { search = '', lang } = options
  const panel = clientOf(world, await panelFor(world, options))
  const all = await panel.services({ signal: world.signal, ...(lang !== undefined && { lang }) })
  const words = search.toLowerCase().split(' ').filter(Boolean)
  const found = all.filter((service) => {
    const text = `${service.service} ${service.name} ${service.category} ${service.words}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  const rows = found.map((each) => [each.service, each.name, each.words, each.rate ?? '?', boundsOf(each), offersOf(each)])
  const shown = rows.length === 0 ? 'No service' : table(world, ['Service', 'Name', 'Type', 'Rate', 'Quantity', 'Offers'], rows)
  const answer = found.map(({ words, more: _more, ...service }) => ({ ...service, type: words }))
  print(world, options, answer, shown)
}

function boundsOf({ min, max }: Service): string {
  return `${min ?? '?'}–${max ?? '?'}`
}

function offersOf({ refill, cancel, dripfeed }: Service): string {
  return [refill && 'refill', cancel && 'cancel', dripfeed && 'drip-feed'].filter(Boolean).join(', ')
}
