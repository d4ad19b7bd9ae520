import type { Texts } from '../../texts/texts.ts'
import { CodeLanguages } from '../ui/code-samples.tsx'
import type { CodeLanguage } from '../ui/samples.ts'
import { FoldedContents } from './contents.tsx'

/** Search and the choice of the examples' language, always in view. The choice works without script; search needs it. */
export function Toolbar({ texts, chosen }: { readonly texts: Texts; readonly chosen: CodeLanguage }) {
  return (
    <section class="toolbar" aria-label={texts.text('docs.search')}>
      <div class="toolbar-row">
        <FoldedContents texts={texts} />
        <form class="search needs-script" role="search" data-none={texts.text('docs.search.none', { query: '#' })}>
          <label class="visually-hidden" for="search">
            {texts.text('docs.search')}
          </label>
          <input
            id="search"
            type="search"
            autocomplete="off"
            spellcheck={false}
            placeholder={texts.text('docs.search.hint')}
            data-found={JSON.stringify(texts.pluralForms('docs.search.found'))}
          />
          <kbd aria-hidden="true">/</kbd>
          <div class="found" hidden>
            <p role="status" />
            <ul />
          </div>
        </form>
        <CodeLanguages texts={texts} chosen={chosen} />
      </div>
    </section>
  )
}
