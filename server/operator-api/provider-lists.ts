import { z } from 'zod'
import { listProviders } from '../sign-in-providers/providers.ts'
import { moment, word, yesNo } from './columns.ts'
import { list, type List, NO_FILTER, pageOf } from './list.ts'

/** Others by whom customers may sign in. */
export const providerLists: readonly List[] = [
  list({
    name: 'sign-in-providers',
    does: 'others by whom customers may sign in, in the order of their buttons; secrets are never told',
    permission: 'settings.read',
    filters: NO_FILTER,
    row: z.object({
      provider: word(),
      name: word(),
      issuer: word(),
      client_id: word(),
      has_secret: yesNo(),
      private_network: yesNo(),
      offered: yesNo(),
      changed_at: moment(),
    }),
    async read(db, _, page) {
      return pageOf(
        page,
        await listProviders(db),
        ({ id }) => id,
        (row) => ({
          provider: row.name,
          name: row.title,
          issuer: row.issuer,
          client_id: row.clientId,
          has_secret: row.sealedSecret !== null,
          private_network: row.privateNetwork,
          offered: row.offered,
          changed_at: row.changedAt,
        }),
      )
    },
  }),
]
