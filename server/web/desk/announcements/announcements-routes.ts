import type { FastifyReply } from 'fastify'
import { announcementWrite } from '../../../acts/announcement-set.ts'
import { findAnnouncement, listAnnouncements, listWritten, readWordings } from '../../../announcements/announcements.ts'
import { refuse } from '../../../refusal.ts'
import type { Desk, DeskContext } from '../desk.ts'
import { newestOf } from '../newest.ts'
import { numberIn } from '../wording-numbers.ts'
import { routeWording } from '../wording-routes.ts'

const MOST_WRITTEN = 100

/** Routes what the house tells its customers: all of it, one with its history, and what one says in a language. */
export function routeAnnouncements(desk: Desk) {
  desk.page('/announcements', 'pages.read', showAll)
  desk.page('/announcements/:id', 'pages.read', showOne)
  routeWording(desk, {
    page: '/announcements/:id',
    form: '/announcements/:id',
    act: announcementWrite,
    named: (context) => ({ announcement: numberIn(context, 'id') }),
    async find(context) {
      const { id } = await findAnnouncement(context.db, numberIn(context, 'id'))
      return {
        title: context.ui.frame.texts.text('desk.announcements.one', { number: String(id) }),
        wordings: await readWordings(context.db, id),
        unknownLanguage: refuse('unknown_announcement', id),
      }
    },
  })
}

async function showAll(context: DeskContext): Promise<FastifyReply> {
  const { announcementsPage } = await import('./announcements.tsx')
  return context.send(announcementsPage(context, await newestOf(context, (page) => listAnnouncements(context.db, page))))
}

async function showOne(context: DeskContext): Promise<FastifyReply> {
  const { announcementPage } = await import('./announcement.tsx')
  const { db } = context
  const announcement = await findAnnouncement(db, numberIn(context, 'id'))
  const [wordings, written] = await Promise.all([readWordings(db, announcement.id), listWritten(db, announcement.id, MOST_WRITTEN)])
  return context.send(announcementPage(context, { announcement, wordings, written }))
}
