import { renderToString } from 'preact-render-to-string'
import { actions } from '../../../contract/actions.ts'
import type { Texts } from '../../texts/texts.ts'
import { type Frame, type Page, renderDocument } from '../ui/document.tsx'
import { Layout } from '../ui/layout.tsx'
import { codeLanguageNamed } from '../ui/samples.ts'
import type { ShownChanges } from '../changelog/shown-changes.ts'
import type { Limits } from './limits.tsx'
import { Docs, NEWS_PLACE, NOTES_PLACE } from './page.tsx'
import { ApiNotes, type NotesView } from './notes.tsx'
import { NewestChanges } from './newest-changes.tsx'
import type { Offer } from './samples-on-sale.ts'
import { Toolbar } from './toolbar.tsx'
import { TryDialog } from './try-dialog.tsx'

interface DocsView {
  readonly address: string
  readonly allowGet: boolean
  readonly chosenCode: string | undefined
  readonly limits: Limits
  /** The services that the reader can try calls with. */
  readonly offer: Offer
  /** What the operator tells there; undefined: nothing. */
  readonly notes: NotesView | undefined
  readonly changes: ShownChanges
}

/** The documentation as a whole page. */
export function docsPage(frame: Frame, view: DocsView): string {
  const { texts } = frame
  const count = new Set(actions.map((action) => action.name)).size
  const page: Page = {
    title: texts.text('docs.title'),
    description: texts.text('docs.description', { count }),
    script: 'docs',
    inEachLanguage: true,
  }
  return renderDocument(
    frame,
    page,
    <Layout frame={frame} page={page} hasContents footer={<p>{texts.text('docs.footer')}</p>}>
      <Toolbar texts={texts} chosen={codeLanguageNamed(view.chosenCode)} />
      <div class="docs-body" dangerouslySetInnerHTML={{ __html: wholeBody(frame, view) }} />
      <TryDialog texts={texts} address={view.address} offer={view.offer} />
    </Layout>,
  )
}

/** An address that nobody has, made only of characters that any address may have, to be replaced by the real one. */
const ANY_ADDRESS = 'http://address.invalid/api/v2'
const bodies = new Map<string, string>()

/** What changes without a new version of Docket is drawn each time. */
function wholeBody({ texts, house }: Frame, view: DocsView): string {
  const notes = view.notes === undefined ? '' : renderToString(<ApiNotes texts={texts} house={house} notes={view.notes} />)
  const news = renderToString(<NewestChanges texts={texts} changes={view.changes} />)
  return bodyHtml(texts, view)
    .replace(NOTES_PLACE, () => notes)
    .replace(NEWS_PLACE, () => news)
}

/** The large part is drawn once per language; then only the address is inserted. */
function bodyHtml(texts: Texts, { address, allowGet, limits }: DocsView): string {
  const name = `${texts.language.code} ${allowGet} ${JSON.stringify(limits)}`
  const body = bodies.get(name) ?? renderToString(<Docs texts={texts} address={ANY_ADDRESS} allowGet={allowGet} limits={limits} />)
  bodies.set(name, body)
  return body.replaceAll(ANY_ADDRESS, address)
}
