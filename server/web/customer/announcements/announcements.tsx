import type { Shown } from '../../../announcements/live.ts'
import type { Texts } from '../../../texts/texts.ts'
import { renderDocument } from '../../ui/document.tsx'
import { Button } from '../../ui/form.tsx'
import { Layout } from '../../ui/layout.tsx'
import { Markdown } from '../../ui/markdown.tsx'
import { Empty, Notice } from '../../ui/notice.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { Form, Moment, Submit } from '../../ui/parts.tsx'
import { languageByCode } from '../../../texts/languages.ts'
import { appPage } from '../app-frame.tsx'

interface AnnouncementsView {
  readonly rows: readonly Shown[]
  readonly byMail: boolean
}

/** All announcements that hold for a customer, also those that were dismissed. */
export function announcementsPage(ui: PageUi, { rows, byMail }: AnnouncementsView): string {
  const { texts } = ui.frame
  return appPage({
    ui,
    title: texts.text('app.announcements'),
    children: (
      <>
        {rows.length === 0 && <Empty title={texts.text('announcements.none')} text={texts.text('announcements.none.text')} />}
        {rows.map((row) => (
          <Said key={row.id} texts={texts} row={row} />
        ))}
        <Form ui={ui} action="/announcements/mails" class="mails-form">
          <p class="soft small">{texts.text(byMail ? 'announcements.mails.on' : 'announcements.mails.off')}</p>
          <input type="hidden" name="mails" value={byMail ? 'off' : 'on'} />
          <Submit look="plain">{texts.text(byMail ? 'announcements.mails.turnOff' : 'announcements.mails.turnOn')}</Submit>
        </Form>
      </>
    ),
  })
}

function Said({ texts, row: { language, title, text, from, until } }: { readonly texts: Texts; readonly row: Shown }) {
  return (
    <article class="announcement-said" lang={language} dir={languageByCode(language)?.direction ?? 'ltr'}>
      <h2>{title}</h2>
      <p class="soft small" lang={texts.language.code} dir={texts.language.direction ?? 'ltr'}>
        <Moment texts={texts} at={from} />
        {until !== null && (
          <>
            {' – '}
            <Moment texts={texts} at={until} />
          </>
        )}
      </p>
      <Markdown text={text} />
    </article>
  )
}

interface UnsubscribeView {
  readonly token: string
  readonly isKnown: boolean
  readonly done: boolean
}

/** Where the link in a mail leads: no more of these mails, without signing in. */
export function unsubscribePage(ui: PageUi, { token, isKnown, done }: UnsubscribeView): string {
  const { frame } = ui
  const { texts } = frame
  const page = { title: texts.text('announcements.unsubscribe'), script: 'site' } as const
  return renderDocument(
    frame,
    page,
    <Layout frame={frame} page={page}>
      <main id="content" class="entry">
        <h1>{page.title}</h1>
        {!isKnown ? (
          <Notice mood="bad">{texts.text('announcements.unsubscribe.void')}</Notice>
        ) : done ? (
          <Notice mood="good">{texts.text('announcements.unsubscribe.done')}</Notice>
        ) : (
          <form method="post" action={`/announcements/unsubscribe/${token}`} class="form">
            <p>{texts.text('announcements.unsubscribe.text', { name: frame.house.name })}</p>
            <Button type="submit" look="main">
              {texts.text('announcements.mails.turnOff')}
            </Button>
          </form>
        )}
      </main>
    </Layout>,
  )
}
