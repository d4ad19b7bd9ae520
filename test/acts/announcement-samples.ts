interface AnnouncementWorld {
  readonly done: (name: string, input: object) => Promise<any>
}

async function newAnnouncement({ done }: AnnouncementWorld): Promise<number> {
  const said = { title: 'Maintenance', text: 'On **Sunday** from 2 to 3.', by_mail: true }
  return (await done('announcement add', said)).announcement
}

/** Something that each act on announcements can be asked to do. */
export const announcementSamples = {
  'announcement add': async () => ({ language: 'sl', title: 'Vzdrževanje', text: 'V nedeljo.', audience: 'owing', until: '2999-01-01' }),
  'announcement write': async (world: AnnouncementWorld) => ({
    announcement: await newAnnouncement(world),
    language: 'sl',
    title: 'Vzdrževanje',
    text: 'V nedeljo.',
  }),
  'announcement set': async (world: AnnouncementWorld) => ({
    announcement: await newAnnouncement(world),
    audience: 'owing',
    begins: '2026-01-01',
  }),
  'announcement publish': async (world: AnnouncementWorld) => ({ announcement: await newAnnouncement(world) }),
  'announcement end': async (world: AnnouncementWorld) => ({ announcement: await newAnnouncement(world) }),
}
