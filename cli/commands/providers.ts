import type { Command } from 'commander'
import { providerRemove } from '../../server/acts/provider-remove.ts'
import { providerSet } from '../../server/acts/provider-set.ts'
import { providerTest } from '../../server/acts/provider-test.ts'
import { listProviders } from '../../server/sign-in-providers/providers.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { type Json, print, table } from '../output.ts'

export function addProviderCommands(program: Command) {
  const provider = program
    .command('sign-in-provider')
    .description('others by whom customers may sign in, like Google: list, set, test, remove')
  addList(provider)
  for (const act of [providerSet, providerTest, providerRemove]) addAct(provider, act)
}

function addList(provider: Command) {
  provider
    .command('list')
    .description('all sign-in providers; their secrets are never shown')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const shown = (await listProviders(db)).map((each) => ({
          provider: each.name,
          name: each.title,
          issuer: each.issuer,
          client_id: each.clientId,
          has_secret: each.sealedSecret !== null,
          private_network: each.privateNetwork,
          offered: each.offered,
        }))
        const rows = shown.map((row) => [row.provider, row.name, row.issuer, row.client_id, row.offered ? 'yes' : 'no'])
        print(
          options.json,
          shown,
          rows.length > 0
            ? table(['provider', 'name', 'issuer', 'client id', 'offered'], rows)
            : 'No provider yet: docket sign-in-provider set google --client-id … --client-secret …',
        )
      }),
    )
}
