import type { Language } from '../../texts/languages.ts'
import type { Texts } from '../../texts/texts.ts'
import { addressIn, type Visitor } from '../visitor.ts'

interface LanguagePickerProps {
  readonly texts: Texts
  readonly visitor: Visitor
  readonly inEachLanguage: boolean
}

/** The languages that the visitor probably reads, then all others, each by its own name. */
export function LanguagePicker({ texts, visitor, inEachLanguage }: LanguagePickerProps) {
  const suggested = visitor.suggested.length > 0 ? visitor.suggested : [texts.language]
  const others = visitor.offered.filter((language) => !suggested.includes(language))
  const links = (list: readonly Language[]) =>
    list.map((language) => (
      <li key={language.code}>
        <a
          href={`${inEachLanguage ? addressIn(language, visitor.path) : ''}?language=${language.code}`}
          rel="nofollow"
          lang={language.code}
          hreflang={language.code}
          aria-current={language === texts.language ? 'true' : undefined}
        >
          {language.name}
        </a>
      </li>
    ))
  return (
    <details class="picker">
      <summary>
        <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
          <path d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M3 12h18M12 3c5 5.5 5 12.5 0 18M12 3c-5 5.5-5 12.5 0 18" />
        </svg>
        <span class="visually-hidden">{texts.text('site.language')}: </span>
        <span class="picked">{texts.language.name}</span>
      </summary>
      <div class="picker-panel">
        <h2>{texts.text('site.languages.suggested')}</h2>
        <ul>{links(suggested)}</ul>
        <h2>{texts.text('site.languages.other')}</h2>
        <ul>{links(others)}</ul>
      </div>
    </details>
  )
}
