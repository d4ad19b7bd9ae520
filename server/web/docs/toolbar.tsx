import type { Texts } from '../texts/texts.ts'
import { CodeLanguages } from '../ui/code-samples.tsx'
import { Button, Field } from '../ui/form.tsx'
import { Prose } from '../ui/prose.tsx'
import type { CodeLanguage } from '../ui/samples.ts'
import { FoldedContents } from './contents.tsx'

/** Search and the language of the examples, always at hand. The choice of a language works without script; search needs it. */
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

/** A call with the reader's test key. Opened by the island, filled by it from the example beside the button. */
export function TryDialog({ texts, address }: { readonly texts: Texts; readonly address: string }) {
  return (
    <dialog
      id="try"
      aria-labelledby="try-title"
      data-path={new URL(address).pathname}
      data-refused={texts.text('docs.try.refused')}
      data-failed={texts.text('docs.try.failed')}
    >
      <form method="dialog">
        <header>
          <h2 id="try-title">{texts.text('docs.try')}</h2>
          <Button look="small" class="close">
            {texts.text('docs.try.close')}
          </Button>
        </header>
        <Field
          name="key"
          id="try-key"
          label={texts.text('docs.try.key')}
          hint={<Prose text={texts.text('docs.try.hint')} />}
          autocomplete="off"
          dir="ltr"
        />
        <div class="fields" />
        <p class="fault" role="alert" />
        <Button type="submit" look="main">
          {texts.text('docs.try.send')}
        </Button>
        <pre class="answer" dir="ltr" tabIndex={0} role="group" aria-label={texts.text('docs.answer')} hidden />
      </form>
    </dialog>
  )
}
