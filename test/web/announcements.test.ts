import { describe, expect, test } from 'vitest'
import { announcementEnd, announcementPublish } from '../../server/acts/announcement-publish.ts'
import { announcementAdd, announcementSet, announcementWrite } from '../../server/acts/announcement-set.ts'
import { announcementsOnPages } from '../../server/announcements/live.ts'
import { lookUpAudience } from '../../server/announcements/look-up.ts'
import { mailAnnouncements } from '../../server/announcements/mails.ts'
import { sqlFunction } from '../../server/db/call.ts'
import { openMailServer } from '../../server/mails/mail-server.ts'
import { openSecret } from '../../server/secret.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { openFakeMailServer } from '../support/fake-mail-server.ts'
import { onSale } from '../support/on-sale.ts'
import { placed } from '../support/order-life.ts'
import { ownPages } from '../support/own-pages.ts'
import { accountContext, mailsTo } from '../support/people.ts'

const SECRET = 'a secret of this test, long enough'
const POST = sqlFunction('post_transfer', ['book', 'cause', 'amount', 'order', 'reference', 'note', 'at', 'downwards'])

describe('an announcement', () => {
  const docket = openDocket({ DOCKET_SECRET: SECRET })
  const now = () => docket.clock.now()
  const house = () => houseOf(docket.db, now)

  async function published(said: { title: string; text?: string } & Record<string, unknown>): Promise<number> {
    const { announcement } = await run(house(), announcementAdd, { text: 'Read this.', ...said })
    await run(house(), announcementPublish, { announcement })
    return announcement
  }

  async function titlesFor(accountId: number, language = 'en', userId: number | null = null): Promise<string[]> {
    return (await announcementsOnPages(docket.db, { accountId, language, userId }, now(), 100)).map(({ title }) => title)
  }

  async function browser(language = 'en') {
    const me = await ownPages(docket, { language })
    const cookie = `docket-session=${me.token}; language=${language}`
    const see = async (path = '/services') => (await fetch(docket.node.url! + path, { headers: { cookie, accept: 'text/html' } })).text()
    const user = (await docket.db.query<{ id: number; email: string }>('select id, email from users where account_id = $1', [me.account]))
      .rows[0]!
    return { ...me, see, user }
  }

  test('is seen from its beginning until its end, by nobody before it is published, in the language of the reader or in English', async () => {
    const { account } = await docket.account()
    const draft = await run(house(), announcementAdd, { title: 'Draft', text: 'Soon.', begins: '2026-03-02', until: '2026-03-03' })
    expect(await titlesFor(account)).toEqual([])
    await run(house(), announcementWrite, { announcement: draft.announcement, language: 'sl', title: 'Osnutek', text: 'Kmalu.' })
    await run(house(), announcementPublish, { announcement: draft.announcement })
    expect(await titlesFor(account)).toEqual([])
    docket.clock.forward({ days: 1 })
    expect(await titlesFor(account, 'sl')).toEqual(['Osnutek'])
    expect(await titlesFor(account, 'de')).toEqual(['Draft'])
    docket.clock.forward({ days: 2 })
    expect(await titlesFor(account)).toEqual([])
    const other = await published({ title: 'Ended' })
    expect(await titlesFor(account)).toEqual(['Ended'])
    await run(house(), announcementEnd, { announcement: other })
    expect(await titlesFor(account)).toEqual([])
    await expect(run(house(), announcementSet, { announcement: other, audience: 'owing' })).rejects.toThrow(/has ended/)
  })

  test('for those who owe, and for those who ordered a service lately, is seen by them alone', async () => {
    const [ours, theirs] = [await onSale(docket), await onSale(docket)]
    const [buyer, debtor, late] = [await docket.account(), await docket.account(), await docket.account()]
    await placed(docket, late.key, { service: ours, quantity: 10 })
    docket.clock.forward({ days: 31 })
    await placed(docket, buyer.key, { service: ours, quantity: 10 })
    await placed(docket, debtor.key, { service: theirs, quantity: 10 })
    const { rows } = await docket.db.query<{ id: number }>('select id from books where account_id = $1 and not play', [debtor.account])
    await docket.db.query(POST.call({ book: rows[0]!.id, cause: 'reversal', amount: 100_000_000, order: null, reference: 'taken', note: null, at: now(), downwards: true })) // prettier-ignore
    const ids = [
      await published({ title: 'You owe', audience: 'owing' }),
      await published({ title: 'Slower', audience: 'ordered', service: ours }),
    ]
    while ((await lookUpAudience(docket.db, now())) > 0);
    expect(await titlesFor(buyer.account)).toEqual(['Slower'])
    expect(await titlesFor(debtor.account)).toEqual(['You owe'])
    expect(await titlesFor(late.account)).toEqual([])
    // Who orders while it is told belongs to it within the hour.
    await placed(docket, late.key, { service: ours, quantity: 10 })
    docket.clock.forward({ hours: 2 })
    while ((await lookUpAudience(docket.db, now())) > 0);
    expect(await titlesFor(late.account)).toEqual(['Slower'])
    for (const announcement of ids) await run(house(), announcementEnd, { announcement })
  })

  test('stands above each page until its reader dismisses it, by a form and without script; whatever is written runs nothing', async () => {
    const me = await browser()
    const id = await published({ title: 'Maintenance <b>', text: 'On **Sunday**. <script>alert(1)</script> [x](javascript:alert(1))' })
    const html = await me.see()
    expect(html).toContain('Maintenance &lt;b>')
    expect(html).toContain('<strong>Sunday</strong>')
    expect(html).not.toContain('<script>alert')
    expect(html).not.toContain('href="javascript')
    const answer = await me.post(`/announcements/${id}/dismiss`, { next: '/services' })
    expect(answer).toMatchObject({ status: 303, location: '/services' })
    expect(await me.see()).not.toContain('Maintenance')
    expect(await me.see('/announcements')).toContain('Maintenance')
    expect(await (await browser()).see()).toContain('Maintenance')
    expect((await me.post(`/announcements/${id}/dismiss`, { next: '//evil.example' })).location).toBe('/')
    await run(house(), announcementEnd, { announcement: id })
  })

  test('comes by mail only to those who ask for it, once, at most one mail a day, which one click ends', async () => {
    const [me, other] = [await browser(), await browser()]
    const secret = await openSecret({ secret: SECRET, dataDirectory: '/nowhere' })
    const front = await accountContext(docket, docket.db, { secret })
    const context = { db: docket.db, now, secret: front.secret, site: front.site }
    const ids = [await published({ title: 'First', by_mail: true }), await published({ title: 'Only on pages' })]
    await mailAnnouncements(context)
    expect(await mailsTo(front, me.user.email)).toEqual([])
    await me.post('/announcements/mails', { mails: 'on' })
    await Promise.all([mailAnnouncements(context), mailAnnouncements(context)])
    const [mail, ...more] = await mailsTo(front, me.user.email)
    expect(more).toEqual([])
    expect(mail!.text).toContain('First')
    expect(mail!.text).not.toContain('Only on pages')
    ids.push(await published({ title: 'Second', by_mail: true }))
    docket.clock.forward({ hours: 2 })
    await mailAnnouncements(context)
    expect(await mailsTo(front, me.user.email)).toHaveLength(1)
    docket.clock.forward({ hours: 23 })
    await mailAnnouncements(context)
    expect((await mailsTo(front, me.user.email)).map(({ text }) => text.includes('Second'))).toContain(true)
    expect(await mailsTo(front, other.user.email)).toEqual([])

    const [path] = /\/announcements\/unsubscribe\/\S+/.exec(mail!.text)!
    const wants = async () => (await docket.db.query('select from announcement_readers where user_id = $1', [me.user.id])).rowCount
    // Scanners of mails open links; only sending the form, or the click of a mail program, does it.
    expect((await fetch(docket.node.url! + path)).status).toBe(200)
    expect(await wants()).toBe(1)
    const click = { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) }
    expect((await fetch(docket.node.url! + path, click)).status).toBe(200)
    expect(await wants()).toBe(0)
    expect((await fetch(`${docket.node.url}/announcements/unsubscribe/forged`, click)).status).toBe(410)
    for (const announcement of ids) await run(house(), announcementEnd, { announcement })
  })

  test('has the header by which mail programs unsubscribe with one click', async () => {
    const server = await openFakeMailServer()
    const unsubscribe = 'https://panel.example/announcements/unsubscribe/x'
    await openMailServer(server.url, () => 'Panel <no-reply@panel.example>').send({ messageId: '1', recipient: 'a@example.com', subject: 's', text: 't', unsubscribe }) // prettier-ignore
    const { message } = server.taken[0]!
    expect(message).toMatch(/^list-unsubscribe: <https:\/\/panel\.example\/announcements\/unsubscribe\/x>/im)
    expect(message).toMatch(/^list-unsubscribe-post: List-Unsubscribe=One-Click/im)
    await server.stop()
  })

  test('is told to programs that ask for it, and changes no byte for those that do not', async () => {
    const { key } = await docket.account()
    const ask = async (more: Record<string, string> = {}) => (await docket.request({ key, action: 'service_changes', ...more })).text()
    const before = await ask()
    const id = await published({ title: 'New API', text: 'It is **faster**.', to_programs: true, until: '2999-01-01' })
    await published({ title: 'For people only' })
    expect(await ask()).toBe(before)
    expect(await ask({ announcements: '0' })).toBe(before)
    const told = JSON.parse(await ask({ announcements: '1' }))
    expect(told.announcements).toEqual([
      { id, title: 'New API', text: 'It is **faster**.', from: now().toISOString(), until: '2999-01-01T23:59:59.000Z' },
    ])
  })
})
