import { Button } from './form.tsx'
import { CodeField, Form, Submit } from './parts.tsx'
import type { Faults, PageUi } from './page-ui.ts'
import { QrCode } from './qr.tsx'

interface AppKeyProps {
  readonly ui: PageUi
  /** Where the form with the first code is sent. */
  readonly action: string
  readonly secret: string
  readonly uri: string
  readonly faults: Faults
}

/** The key of an authenticator app, to scan or to type, and the form for the first code. */
export function AppKey({ ui, action, secret, uri, faults }: AppKeyProps) {
  const { texts } = ui.frame
  return (
    <>
      <p>{texts.text('account.codes.scan')}</p>
      <QrCode text={uri} title={texts.text('account.codes.picture')} />
      <p>
        <code class="secret" dir="ltr">
          {secret.match(/.{1,4}/g)!.join(' ')}
        </code>
      </p>
      <p>{texts.text('account.codes.confirm')}</p>
      <Form ui={ui} action={action}>
        <CodeField texts={texts} faults={faults} hint={false} />
        <Submit>{texts.text('account.codes.turnOn')}</Submit>
      </Form>
    </>
  )
}

/** Recovery codes, which are shown once, in the answer to the form that made them. `back` is where the reader goes on. */
export function RecoveryCodes({ ui, codes, back }: { readonly ui: PageUi; readonly codes: readonly string[]; readonly back: string }) {
  const { texts } = ui.frame
  return (
    <section aria-labelledby="recovery-title">
      <h2 id="recovery-title">{texts.text('account.codes.recovery')}</h2>
      <p>{texts.text('account.codes.recovery.lead')}</p>
      <ol class="recovery-codes" dir="ltr">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <p class="ways not-printed">
        <Button class="needs-script" data-copy={codes.join('\n')} data-done={texts.text('docs.copied')}>
          {texts.text('account.codes.recovery.copy')}
        </Button>
        <a
          class="button plain"
          download="recovery-codes.txt"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${codes.join('\r\n')}\r\n`)}`}
        >
          {texts.text('account.codes.recovery.save')}
        </a>
        <Button class="print needs-script">{texts.text('funds.print')}</Button>
      </p>
      <p class="not-printed">
        <a class="button main" href={back}>
          {texts.text('account.codes.recovery.kept')}
        </a>
      </p>
    </section>
  )
}
