import { pageSet } from '../../../acts/page-set.ts'
import { languageFor } from '../../../site-pages/public-pages.ts'
import type { SitePage } from '../../../site-pages/read-pages.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, Field } from '../../ui/form.tsx'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { editAddress, PAGES } from './addresses.ts'

/** The pages that most houses have. */
const USUAL = ['terms', 'privacy', 'refunds', 'faq']

interface PagesView {
  readonly pages: readonly SitePage[]
  /** A name that was typed for a new page and is none. */
  readonly wanted: string
}

/** All pages of the operator's own, and the way to a new one. */
export function pagesPage(context: DeskContext, { pages, wanted }: PagesView): string {
  const { texts } = context.ui.frame
  const missing = USUAL.filter((name) => !pages.some((page) => page.name === name))
  const language = context.web.settings.languages[0]!.code
  return deskPage(context, {
    title: texts.text('desk.place.pages'),
    lead: texts.text('desk.pages.lead'),
    children: (
      <>
        {pages.length > 0 && <PagesTable context={context} pages={pages} />}
        {context.staff.may.has(pageSet.permission) && (
          <section>
            <h2>{texts.text('desk.pages.new')}</h2>
            {missing.length > 0 && (
              <p class="buttons">
                {missing.map((name) => (
                  <a key={name} class="button small" href={editAddress(name, language)} dir="ltr">
                    /p/{name}
                  </a>
                ))}
              </p>
            )}
            <form method="get" action={PAGES} class="form">
              <Field
                name="new"
                label={texts.text('desk.pages.name')}
                dir="ltr"
                value={wanted}
                required
                fault={wanted === '' ? undefined : texts.text('desk.fault.pageName')}
              />
              <Button type="submit">{texts.text('desk.pages.write')}</Button>
            </form>
          </section>
        )}
      </>
    ),
  })
}

function PagesTable({ context, pages }: { readonly context: DeskContext; readonly pages: readonly SitePage[] }) {
  const { texts } = context.ui.frame
  const offered = context.web.settings.languages.map(({ code }) => code)
  return (
    <div class="scroll">
      <table>
        <caption class="visually-hidden">{texts.text('desk.place.pages')}</caption>
        <thead>
          <tr>
            <th scope="col">{texts.text('desk.field.page')}</th>
            <th scope="col">{texts.text('desk.field.title')}</th>
            <th scope="col">{texts.text('desk.field.languages')}</th>
            <th scope="col">{texts.text('desk.field.published')}</th>
          </tr>
        </thead>
        <tbody>
          {pages.map((page) => (
            <tr key={page.id} data-row>
              <th scope="row">
                <a href={`${PAGES}/${page.name}`} dir="ltr">
                  /p/{page.name}
                </a>
              </th>
              <td>
                <bdi>{page.titles[languageFor(texts.language.code, offered, page.titles) ?? ''] ?? '–'}</bdi>
              </td>
              <td>{Object.keys(page.titles).join(' · ')}</td>
              <td>
                <PublishedBadge context={context} page={page} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Whether readers see a page, and whether its newest version is another one. */
export function PublishedBadge({ context, page }: { readonly context: DeskContext; readonly page: SitePage }) {
  const { texts } = context.ui.frame
  if (page.published === null) return <Badge tone="idle">{texts.text('desk.pages.notPublic')}</Badge>
  return (
    <>
      <Badge tone="good">{texts.text('desk.pages.version', { version: page.published })}</Badge>{' '}
      {page.version > page.published && <Badge tone="warn">{texts.text('desk.pages.newer', { version: page.version })}</Badge>}
    </>
  )
}
