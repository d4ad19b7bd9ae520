import { runAct } from '../server/acts/run-act.ts'
import { setupLink } from '../server/acts/setup-link.ts'
import type { Config } from '../server/config.ts'
import { openPool } from '../server/db/pool.ts'
import { machineUser } from '../server/staff/actor.ts'
import { hasStaff } from '../server/staff/setup-links.ts'
import { withHouseOn } from './house.ts'

/** A link to set Docket up, for the start of a server where nobody works yet; undefined where somebody does. */
export async function linkOfFirstStart(
  node: { readonly url: string; readonly databaseUrl: string },
  config: Config,
): Promise<string | undefined> {
  const db = openPool(node.databaseUrl, { size: 1, name: 'docket first start' })
  try {
    if (await hasStaff(db)) return undefined
    return await withHouseOn(db, config, async (house) => {
      const site = async () => ({ ...(await house.site()), url: config.publicUrl ?? node.url })
      const { result } = await runAct({ ...house, site }, machineUser('docket serve'), setupLink, { input: {} })
      return result.link
    })
  } finally {
    await db.end()
  }
}
