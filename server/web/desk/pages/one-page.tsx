import { pagePublish, pageRemove } from '../../../acts/page-publish.ts'
import { pageRestore } from '../../../acts/page-restore.ts'
import { pageSet } from '../../../acts/page-set.ts'
import type { PageText, PageVersion, SitePage } from '../../../site-pages/read-pages.ts'
import { languageByCode } from '../../../texts/languages.ts'
import { Markdown } from '../../ui/markdown.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import { ActLink } from '../act-link.tsx'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { LanguageLinks } from '../wording.tsx'
import { editAddress, PAGES } from './addresses.ts'
import { PublishedBadge } from './pages-page.tsx'

interface OnePageView {
  readonly page: SitePage
  /** The version whose texts are shown. */
  readonly shown: number
  readonly texts: readonly PageText[]
  readonly versions: readonly PageVersion[]
  readonly hasMore: boolean
}

/** A page of the operator's own: what a version says in each language, and all versions. */
export function onePage(context: DeskContext, { page, shown, texts: said, versions, hasMore }: OnePageView): string {
  const { texts } = context.ui.frame
  const here = `${PAGES}/${page.name}`
  const given = { page: page.name }
  return deskPage(context, {
    title: `/p/${page.name}`,
    lead: (
      <>
        <PublishedBadge context={context} page={page} /> {page.published !== null && <a href={`/p/${page.name}`}>/p/{page.name}</a>}
      </>
    ),
    actions: (
      <>
        <ActLink context={context} act={pagePublish} with={given} back={here} look="main" />
        {page.published !== null && <ActLink context={context} act={pageRemove} with={given} back={here} look="bad" />}
      </>
    ),
    children: (
      <>
        <section>
          <h2>{texts.text('desk.pages.version', { version: shown })}</h2>
          {context.staff.may.has(pageSet.permission) && (
            <LanguageLinks
              context={context}
              heading="h3"
              written={said.map(({ language }) => language)}
              addressOf={(code) => editAddress(page.name, code)}
            />
          )}
          {said.map((each) => (
            <Said key={each.language} said={each} />
          ))}
        </section>
        <section>
          <h2>{texts.text('desk.pages.history')}</h2>
          <ul class="rows">
            {versions.map(({ version, languages, madeAt, madeBy }) => (
              <li key={version} data-row>
                <div class="what">
                  <a href={address(here, { version })} aria-current={version === shown ? 'true' : undefined}>
                    {texts.text('desk.pages.version', { version })}
                  </a>
                  <p class="soft small">
                    {languages.join(' · ')} · <Moment texts={texts} at={madeAt} /> · <bdi>{madeBy}</bdi>
                  </p>
                </div>
                {version < page.version && (
                  <p class="buttons">
                    <ActLink context={context} act={pageRestore} with={{ ...given, number: String(version) }} back={here} look="small" />
                  </p>
                )}
              </li>
            ))}
          </ul>
          <PageLinks
            links={[{ href: hasMore ? address(here, { before: versions.at(-1)!.version }) : null, text: texts.text('desk.services.next') }]}
          />
        </section>
      </>
    ),
  })
}

function Said({ said: { language, title, text } }: { readonly said: PageText }) {
  const { name, direction = 'ltr' } = languageByCode(language) ?? { name: language }
  return (
    <details class="fold">
      <summary>
        {name}: <bdi>{title}</bdi>
      </summary>
      <article class="own-page" lang={language} dir={direction}>
        <Markdown text={text} />
      </article>
    </details>
  )
}
