import { DayText } from '../customer/usage/days.tsx'
import { type Frame, type Page, renderDocument } from '../ui/document.tsx'
import { Layout } from '../ui/layout.tsx'
import { Empty } from '../ui/notice.tsx'
import { address, PageLinks } from '../ui/page-links.tsx'
import { addressIn } from '../visitor.ts'
import { ChangesOfDay } from './changes-of-day.tsx'
import type { ShownChanges } from './shown-changes.ts'

interface ChangelogView {
  readonly changes: ShownChanges
  readonly older: bigint | null
  readonly isFirst: boolean
}

/** What changed for those who order by program, by day. It works without script. */
export function changelogPage(frame: Frame, { changes: { days, currency }, older, isFirst }: ChangelogView): string {
  const { texts, house, visitor } = frame
  const here = addressIn(texts.language, '/api/changelog')
  const feed = addressIn(texts.language, '/api/changelog.atom')
  const page: Page = {
    title: texts.text('changelog.title'),
    description: texts.text('changelog.description', { name: house.name }),
    script: 'site',
    inEachLanguage: true,
    feed: { title: texts.text('changelog.feed'), href: feed },
  }
  return renderDocument(
    frame,
    page,
    <Layout frame={frame} page={page}>
      <main id="content" class="app changelog-page">
        <h1>{page.title}</h1>
        <p class="lead">{texts.text('changelog.lead')}</p>
        {visitor.account && (
          <p>
            {texts.text('changelog.own')} <a href="/services/changes">{texts.text('offer.changes')}</a>
          </p>
        )}
        {days.length === 0 && isFirst && older === null && (
          <Empty title={texts.text('changelog.none')} text={texts.text('changelog.none.text')} />
        )}
        {days.map((day) => (
          <section key={day.day} id={day.day} aria-labelledby={`day-${day.day}`}>
            <h2 id={`day-${day.day}`}>
              <DayText texts={texts} day={day.day} />
            </h2>
            <ChangesOfDay texts={texts} changes={day} currency={currency} />
          </section>
        ))}
        <PageLinks
          links={[
            { href: isFirst ? null : here, text: texts.text('app.newest') },
            { href: older === null ? null : address(here, { before: older }), text: texts.text('app.older') },
          ]}
        />
        <p class="buttons">
          <a class="button small" href={addressIn(texts.language, '/api')}>
            {texts.text('site.docs')}
          </a>
          <a class="button small" href={feed}>
            {texts.text('changelog.feed')}
          </a>
        </p>
      </main>
    </Layout>,
  )
}
