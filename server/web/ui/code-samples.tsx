import type { Texts } from '../../texts/texts.ts'
import { Code } from './code.tsx'
import { Button } from './form.tsx'
import { type CodeLanguage, codeLanguages, sample } from './samples.ts'
import type { SampleCall } from './sample-call.ts'

/** The choice of one language for all examples of a page. It works without script. */
export function CodeLanguages({ texts, chosen }: { readonly texts: Texts; readonly chosen: CodeLanguage }) {
  return (
    <fieldset class="code-languages">
      <legend class="visually-hidden">{texts.text('docs.codeLanguage')}</legend>
      {codeLanguages.map(({ id, name }) => (
        <label key={id}>
          <input type="radio" name="code" id={`code-${id}`} value={id} checked={id === chosen} />
          <span>{name}</span>
        </label>
      ))}
    </fieldset>
  )
}

/** A call in every language, of which the page shows the one that the reader chose. */
export function CodeSamples({ call }: { readonly call: SampleCall }) {
  return <CodeInEach codeIn={(language) => sample(language, call)} />
}

export function CodeInEach({ codeIn }: { readonly codeIn: (language: CodeLanguage) => string }) {
  return (
    <>
      {codeLanguages.map(({ id, name }) => (
        <pre key={id} data-code={id} data-name={name} tabIndex={0} role="group" aria-label={name}>
          <Code code={codeIn(id)} grammar={id === 'curl' ? 'shell' : 'program'} />
        </pre>
      ))}
    </>
  )
}

/** Copies the code shown below its panel's head, or the text right before the button. */
export function CopyButton({ texts }: { readonly texts: Texts }) {
  return (
    <Button look="small" class="copy" data-done={texts.text('docs.copied')}>
      {texts.text('docs.copy')}
    </Button>
  )
}
