import { z } from 'zod'
import { endAnnouncement, findAnnouncement, publishAnnouncement } from '../announcements/announcements.ts'
import { act, changed } from './act.ts'
import { shownAnnouncement, theAnnouncement } from './announcement-fields.ts'

export const announcementPublish = act({
  name: 'announcement publish',
  does: 'show an announcement to those it is for, from its beginning on',
  permission: 'pages.manage',
  input: z.object(theAnnouncement),
  async run({ tx, now }, { announcement }) {
    const before = await publishAnnouncement(tx, announcement, now)
    const after = await findAnnouncement(tx, announcement)
    return { result: { announcement, begins: after.from }, ...changed(shownAnnouncement(before), shownAnnouncement(after)) }
  },
  says: ({ announcement, begins }) => `Announcement ${announcement} is public from ${begins?.toISOString()} on`,
})

export const announcementEnd = act({
  name: 'announcement end',
  does: 'show an announcement to nobody any more',
  permission: 'pages.manage',
  input: z.object(theAnnouncement),
  async run({ tx, now }, { announcement }) {
    const before = await endAnnouncement(tx, announcement, now)
    const after = await findAnnouncement(tx, announcement)
    return { result: { announcement }, ...changed(shownAnnouncement(before), shownAnnouncement(after)) }
  },
  says: ({ announcement }) => `Announcement ${announcement} has ended`,
})
