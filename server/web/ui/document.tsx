import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import type { Assets, ScriptName } from '../assets.ts'
import type { House } from '../house.ts'
import type { Language } from '../../texts/languages.ts'
import type { Texts } from '../../texts/texts.ts'
import { addressIn, type Visitor } from '../visitor.ts'

/** The values that every page is drawn with. */
export interface Frame {
  readonly house: House
  readonly assets: Assets
  readonly texts: Texts
  readonly visitor: Visitor
}

/** A page's head: its title, its description, its script and its addresses in other languages. */
export interface Page {
  readonly title: string
  readonly description?: string
  readonly script: ScriptName
  /** The page has one address per language, for search engines and for sharing. Other pages have the same address in every language. */
  readonly inEachLanguage?: true
  /** Of a page in each language: the languages that it is really written in, by their codes, the one that it is shown in first. The others show it in
   * that one, and search engines are led there. */
  readonly writtenIn?: readonly string[]
  /** What programs for news read. */
  readonly feed?: { readonly title: string; readonly href: string }
}

/** Returns the whole HTML of a page. */
export function renderDocument(frame: Frame, page: Page, body: ComponentChildren): string {
  const { house, assets, texts, visitor } = frame
  const { code, direction } = texts.language
  return `<!doctype html>${renderToString(
    <html lang={code} dir={direction} data-theme={visitor.theme === 'system' ? undefined : visitor.theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{page.title === house.name ? page.title : `${page.title} · ${house.name}`}</title>
        {page.description !== undefined && <meta name="description" content={page.description} />}
        <meta name="color-scheme" content={visitor.theme === 'system' ? 'light dark' : visitor.theme} />
        <link rel="icon" href={assets.icon} />
        <link rel="stylesheet" href={assets.style} />
        <script type="module" src={assets.scripts[page.script]} />
        {visitor.account && <script type="module" src={assets.scripts.shell} />}
        {visitor.staff && <script type="module" src={assets.scripts.desk} />}
        {page.feed && <link rel="alternate" type="application/atom+xml" title={page.feed.title} href={page.feed.href} />}
        {page.inEachLanguage && <Alternates visitor={visitor} shown={texts.language} writtenIn={page.writtenIn} />}
      </head>
      <body>{body}</body>
    </html>,
  )}`
}

interface AlternatesProps {
  readonly visitor: Visitor
  readonly shown: Language
  readonly writtenIn: Page['writtenIn']
}

function Alternates({ visitor: { origin, path, offered }, shown, writtenIn }: AlternatesProps) {
  const written = writtenIn === undefined ? offered : offered.filter(({ code }) => writtenIn.includes(code))
  const canonical = writtenIn === undefined ? shown : (written.find(({ code }) => code === writtenIn[0]) ?? shown)
  return (
    <>
      <link rel="canonical" href={origin + addressIn(canonical, path)} />
      {written.map((language) => (
        <link key={language.code} rel="alternate" hreflang={language.code} href={origin + addressIn(language, path)} />
      ))}
      <link rel="alternate" hreflang="x-default" href={origin + path} />
    </>
  )
}
