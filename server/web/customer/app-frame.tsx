import type { ComponentChildren } from 'preact'
import type { ScriptName } from '../assets.ts'
import { type Page, renderDocument } from '../ui/document.tsx'
import { Layout } from '../ui/layout.tsx'
import { Empty, Notice } from '../ui/notice.tsx'
import type { PageUi } from './page-context.ts'

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

/** An address with these parameters, except for empty ones. */
export function address(path: string, parameters: Readonly<Record<string, string | bigint | number | null | undefined>>): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === null || value === undefined || value === '' ? [] : [[name, String(value)]],
  )
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`
}

/** Links to the next and previous pages of a long list. */
export function PageLinks({ links }: { readonly links: readonly { readonly href: string | null; readonly text: string }[] }) {
  const there = links.filter((link) => link.href !== null)
  if (there.length === 0) return null
  return (
    <p class="page-links">
      {there.map(({ href, text }) => (
        <a key={text} class="button plain" href={href!}>
          {text}
        </a>
      ))}
    </p>
  )
}
