import type { Docket } from '../support/docket.ts'

interface World {
  readonly docket: Docket
  readonly done: (name: string, input: object) => Promise<any>
}

let panels = 0
const nextName = () => `old${(panels += 1)}`

/** While another node works on one, this one leaves all others as they are. */
async function workedOnElsewhere({ docket }: World) {
  await docket.db.query(`
    insert into movings (source, name, private_network, try_suppliers, folder, holder, state, worked_at, worker, who, via, made_at, changed_at)
    select 'csv', 'elsewhere', false, false, 'elsewhere', 'elsewhere', 'run', 'infinity', 'elsewhere', 'test', 'api', now(), now()
    where not exists (select from movings where holder = 'elsewhere')`)
}

async function newMoving(world: World): Promise<number> {
  await workedOnElsewhere(world)
  return (await world.done('moving add', { source: 'csv', name: nextName() })).moving
}

/** Its file has come, and it stands as somebody has brought it there. */
async function withFile(world: World, state: 'files' | 'looked' | 'run'): Promise<number> {
  const moving = await newMoving(world)
  const { db, clock } = world.docket
  await db.query(`insert into moving_files (moving_id, name, bytes, received, stamp) values ($1, 'services.csv', 10, 10, 'a')`, [moving])
  const looked = state === 'files' ? null : clock.now()
  await db.query(`update movings set state = $2, looked_at = $3, report = case when $3::timestamptz is null then null else '{}'::json end where id = $1`, [moving, state, looked]) // prettier-ignore
  return moving
}

export const movingSamples: Readonly<Record<string, (world: World) => Promise<object>>> = {
  async 'moving add'(world) {
    await workedOnElsewhere(world)
    return { source: 'csv', name: nextName() }
  },
  'moving look': async (world) => ({ moving: await withFile(world, 'files') }),
  'moving run': async (world) => ({ moving: await withFile(world, 'looked') }),
  'moving stop': async (world) => ({ moving: await withFile(world, 'run') }),
  'moving remove': async (world) => ({ moving: await newMoving(world) }),
  async 'moving out'(world) {
    await workedOnElsewhere(world)
    return {}
  },
}
