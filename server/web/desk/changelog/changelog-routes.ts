import type { FastifyReply } from 'fastify'
import { changelogWrite } from '../../../acts/changelog-set.ts'
import { findChangelogEntry, listChangelogEntries, listWrittenEntry } from '../../../announcements/changelog.ts'
import { refuse } from '../../../refusal.ts'
import type { Desk, DeskContext } from '../desk.ts'
import { newestOf } from '../newest.ts'
import { numberIn } from '../wording-numbers.ts'
import { routeWording } from '../wording-routes.ts'

const MOST_WRITTEN = 100

/** Routes the operator's own entries of the changelog: all of them, one with its history, and what one says in a language. */
export function routeChangelog(desk: Desk) {
  desk.page('/changelog', 'pages.read', showAll)
  desk.page('/changelog/:id', 'pages.read', showOne)
  routeWording(desk, {
    page: '/changelog/:id',
    form: '/changelog/:id',
    act: changelogWrite,
    named: (context) => ({ entry: numberIn(context, 'id') }),
    async find(context) {
      const { id, wordings } = await findChangelogEntry(context.db, numberIn(context, 'id'))
      const title = context.ui.frame.texts.text('desk.changelog.one', { number: String(id) })
      return { title, wordings, unknownLanguage: refuse('unknown_changelog_entry', id) }
    },
  })
}

async function showAll(context: DeskContext): Promise<FastifyReply> {
  const { changelogPage } = await import('./changelog.tsx')
  return context.send(changelogPage(context, await newestOf(context, (page) => listChangelogEntries(context.db, page))))
}

async function showOne(context: DeskContext): Promise<FastifyReply> {
  const { entryPage } = await import('./changelog.tsx')
  const entry = await findChangelogEntry(context.db, numberIn(context, 'id'))
  return context.send(entryPage(context, { entry, written: await listWrittenEntry(context.db, entry.id, MOST_WRITTEN) }))
}
