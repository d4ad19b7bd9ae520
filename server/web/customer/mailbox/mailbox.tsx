import type { OpenedMail } from '../../../mails/mailbox.ts'
import { type Page, renderDocument } from '../../ui/document.tsx'
import { Layout } from '../../ui/layout.tsx'
import { Moment } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'

/** Waiting mails as they would be sent, with working links. Only people who build or try Docket see it, so it is in English. */
export function mailboxPage({ frame }: PageUi, mails: readonly OpenedMail[]): string {
  const { texts } = frame
  const page: Page = { title: 'Mails that wait', script: 'site' }
  return renderDocument(
    frame,
    page,
    <Layout frame={frame} page={page}>
      <main id="content" class="narrow mailbox" lang="en" dir="ltr">
        <h1>{page.title}</h1>
        <p class="soft">Only this machine sees this page. With a mail server, what is read here would be on its way.</p>
        {mails.length === 0 && <p>No mail waits.</p>}
        {mails.map((mail) => (
          <article key={mail.id} lang={mail.locale} aria-labelledby={`mail-${mail.id}`}>
            <h2 id={`mail-${mail.id}`}>{mail.subject}</h2>
            <p class="soft small" lang="en">
              To <bdi>{mail.recipient}</bdi> · <Moment texts={texts} at={mail.createdAt} />
            </p>
            <p class="mail-text">
              {mail.text.split(/(https?:\/\/\S+)/).map((part, at) => (at % 2 === 1 ? <a key={at} href={part}>{part}</a> : part))}
            </p>
          </article>
        ))}
      </main>
    </Layout>,
  ) // prettier-ignore
}
