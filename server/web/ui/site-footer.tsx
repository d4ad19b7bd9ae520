import type { ComponentChildren } from 'preact'
import { API_NOTES } from '../../site-pages/names.ts'
import { languageFor } from '../../site-pages/public-pages.ts'
import { addressIn } from '../visitor.ts'
import type { Frame } from './document.tsx'

/** The foot of every page: what the page says there itself, and links to the operator's own pages. */
export function SiteFooter({ frame, children }: { readonly frame: Frame; readonly children?: ComponentChildren }) {
  const { texts, visitor } = frame
  const offered = visitor.offered.map(({ code }) => code)
  const links = visitor.pages.flatMap(({ name, inFooter, titles }) => {
    const language = languageFor(texts.language.code, offered, titles)
    return inFooter && name !== API_NOTES && language !== undefined ? [{ name, language, title: titles[language]! }] : []
  })
  return (
    <footer class="site-footer">
      {children}
      {(links.length > 0 || visitor.frontServices || visitor.statusPage) && (
        <ul class="footer-links">
          {visitor.frontServices && (
            <li>
              <a href={addressIn(texts.language, '/services')}>{texts.text('front.services.title')}</a>
            </li>
          )}
          {visitor.statusPage && (
            <li>
              <a href={addressIn(texts.language, '/status')}>{texts.text('front.status.title')}</a>
            </li>
          )}
          {links.map(({ name, language, title }) => (
            <li key={name}>
              <a href={addressIn(texts.language, `/p/${name}`)} lang={language === texts.language.code ? undefined : language}>
                <bdi>{title}</bdi>
              </a>
            </li>
          ))}
        </ul>
      )}
    </footer>
  )
}
