import { z } from 'zod'
import { type Announcement, audiences } from '../announcements/announcements.ts'
import { LONGEST_TEXT, LONGEST_TITLE, type Wording } from '../wording.ts'
import { beginning, cli, id, moment, yesNo } from './fields.ts'
import { wordingText, wordingTitle } from './wording-fields.ts'

export const theAnnouncement = {
  announcement: cli(id(), { argument: true }).describe('number of the announcement: "docket announcement list" shows all'),
}

export const announcementTitle = () => wordingTitle(LONGEST_TITLE)

export const announcementText = () => wordingText(LONGEST_TEXT)

/** Who sees it where, and when. */
export const whereAndWhen = {
  audience: z
    .enum(audiences, `It must be one of ${audiences.join(', ')}.`)
    .optional()
    .describe('for whom: all, ordered (who ordered a service in the 30 days before, or since) or owing (who owes)'),
  service: id().nullable().optional().describe('the service, for those who ordered it'),
  on_pages: yesNo().optional().describe('whether it is shown on the pages of customers'),
  by_mail: yesNo().optional().describe('whether it is mailed to customers who want announcements by mail'),
  to_programs: yesNo().optional().describe('whether programs that ask service_changes with announcements=1 are told of it'),
  begins: beginning().nullable().optional().describe('its first day (UTC), or moment; none: when it is published'),
  until: moment().nullable().optional().describe('its last day (UTC), or moment; none: until it is ended'),
}

interface Given {
  readonly audience?: Announcement['audience'] | undefined
  readonly service?: number | null | undefined
  readonly on_pages?: boolean | undefined
  readonly by_mail?: boolean | undefined
  readonly to_programs?: boolean | undefined
  readonly begins?: Date | null | undefined
  readonly until?: Date | null | undefined
}

export function changeOf({ audience, service, on_pages: onPages, by_mail: byMail, to_programs: toPrograms, begins, until }: Given) {
  return { audience, serviceId: service, onPages, byMail, toPrograms, from: begins, until }
}

/** An announcement as the log tells it. */
export function shownAnnouncement({ audience, serviceId, onPages, byMail, toPrograms, from, until, publishedAt, endedAt }: Announcement) {
  return {
    audience,
    service: serviceId,
    on_pages: onPages,
    by_mail: byMail,
    to_programs: toPrograms,
    begins: from,
    until,
    published: publishedAt,
    ended: endedAt,
  }
}

export function shownWording(wording: Pick<Wording, 'title' | 'text'> | undefined): object | null {
  return wording === undefined ? null : { title: wording.title, text: wording.text }
}
