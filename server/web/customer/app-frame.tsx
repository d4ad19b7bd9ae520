import type { ComponentChildren } from 'preact'
import type { ScriptName } from '../assets.ts'
import { type Page, renderDocument } from '../ui/document.tsx'
import { Layout } from '../ui/layout.tsx'
import { Empty, Notice } from '../ui/notice.tsx'
import type { PageUi } from '../ui/page-ui.ts'

interface AppPageProps {
  readonly ui: PageUi
  readonly title: string
  readonly done?: string | undefined
  /** The page's own island; `app` if it has none. */
  readonly script?: ScriptName
  readonly children: ComponentChildren
}

/** A page about orders, services or money. */
export function appPage({ ui: { frame }, title, done, script = 'app', children }: AppPageProps): string {
  const page: Page = { title, script }
  return renderDocument(
    frame,
    page,
    <Layout frame={frame} page={page}>
      <main id="content" class="app">
        {done !== undefined && <Notice mood="good">{done}</Notice>}
        <h1>{title}</h1>
        {children}
      </main>
    </Layout>,
  )
}

/** Sent when the order belongs to another account, or the service no longer exists. */
export function nothingHerePage(ui: PageUi): string {
  const { frame } = ui
  const { texts } = frame
  const page: Page = { title: texts.text('site.missing.title'), script: 'site' }
  return renderDocument(
    frame,
    page,
    <Layout frame={frame} page={page}>
      <main id="content" class="narrow">
        <Empty title={page.title} text={texts.text('site.missing.text')}>
          <a class="button main" href="/orders">
            {texts.text('app.orders')}
          </a>
        </Empty>
      </main>
    </Layout>,
  )
}
