import type { Texts } from '../../texts/texts.ts'
import { Button, Field } from '../ui/form.tsx'
import { Prose } from '../ui/prose.tsx'
import type { Offer } from './samples-on-sale.ts'

/** A dialog that sends a call with the reader's test key. The island opens it and fills it with the example beside the button. */
export function TryDialog({ texts, address, offer }: { readonly texts: Texts; readonly address: string; readonly offer: Offer }) {
  return (
    <dialog
      id="try"
      aria-labelledby="try-title"
      data-path={new URL(address).pathname}
      data-refused={texts.text('docs.try.refused')}
      data-failed={texts.text('docs.try.failed')}
      data-none={texts.text('docs.try.none')}
      data-optional={texts.text('docs.optional')}
      data-offer={JSON.stringify(offer)}
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
          hint={
            <>
              <Prose text={texts.text('docs.try.hint')} /> <a href="/start#try">{texts.text('start.makeKey')}</a>
            </>
          }
          autocomplete="off"
          dir="ltr"
        />
        <p class="hint none-on-sale" hidden />
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
