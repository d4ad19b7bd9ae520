interface ToldWorld {
  readonly done: (name: string, input: object) => Promise<any>
}

const WORDING = { title: 'Slow starts', text: 'We **look**.' }
const OTHER = { language: 'sl', title: 'Počasni začetki', text: 'Gledamo.' }

const newIncident = async ({ done }: ToldWorld): Promise<number> => (await done('incident open', WORDING)).incident
const newEntry = async ({ done }: ToldWorld): Promise<number> => (await done('changelog add', WORDING)).entry

/** Something that each act on incidents and on the changelog can be asked to do. */
export const toldSamples = {
  'incident open': async () => ({ ...OTHER, affects: ['api', 'deposits'], began: '2026-01-01' }),
  'incident update': async (world: ToldWorld) => ({ incident: await newIncident(world), ...OTHER }),
  'incident write': async (world: ToldWorld) => ({ incident: await newIncident(world), number: 1, ...OTHER }),
  'incident settle': async (world: ToldWorld) => ({ incident: await newIncident(world) }),
  'changelog add': async () => ({ ...OTHER, on_day: '2026-01-01' }),
  'changelog write': async (world: ToldWorld) => ({ entry: await newEntry(world), ...OTHER }),
  'changelog remove': async (world: ToldWorld) => ({ entry: await newEntry(world) }),
}
