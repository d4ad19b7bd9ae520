import { accountPage } from './account-frame.tsx'
import { CodeField, Form, FormFault, PasswordField, Submit } from '../../ui/parts.tsx'
import { Button } from '../../ui/form.tsx'
import { QrCode } from '../../ui/qr.tsx'
import type { Faults, PageUi } from '../../ui/page-ui.ts'

export type CodesState =
  | { readonly kind: 'off' }
  | { readonly kind: 'setting up'; readonly secret: string; readonly uri: string }
  | { readonly kind: 'on'; readonly left: number }

interface CodesView {
  readonly state: CodesState
  readonly faults: Faults
  readonly done?: string | undefined
}

/** The page for an authenticator app: set it up, make recovery codes, turn it off. */
export function codesPage(ui: PageUi, { state, faults, done }: CodesView): string {
  const { texts } = ui.frame
  return accountPage({
    ui,
    tab: '/account/codes',
    done,
    children: (
      <>
        <FormFault faults={faults} />
        {state.kind === 'on' ? <On ui={ui} left={state.left} faults={faults} /> : <p>{texts.text('account.codes.lead')}</p>}
        {state.kind === 'off' && (
          <Form ui={ui} action="/account/codes/begin">
            <Submit>{texts.text('account.codes.begin')}</Submit>
          </Form>
        )}
        {state.kind === 'setting up' && <SettingUp ui={ui} secret={state.secret} uri={state.uri} faults={faults} />}
      </>
    ),
  })
}

function SettingUp({ ui, secret, uri, faults }: { ui: PageUi; secret: string; uri: string; faults: Faults }) {
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
      <Form ui={ui} action="/account/codes/confirm">
        <CodeField texts={texts} faults={faults} hint={false} />
        <Submit>{texts.text('account.codes.turnOn')}</Submit>
      </Form>
    </>
  )
}

function On({ ui, left, faults }: { ui: PageUi; left: number; faults: Faults }) {
  const { texts } = ui.frame
  return (
    <>
      <p>
        {texts.text('account.codes.on')} {texts.text('account.codes.left', { count: left })}
      </p>
      <section aria-labelledby="renew-title">
        <h2 id="renew-title">{texts.text('account.codes.renew')}</h2>
        <p class="soft">{texts.text('account.codes.renew.hint')}</p>
        <Form ui={ui} action="/account/codes/renew">
          <Submit look="plain">{texts.text('account.codes.renew')}</Submit>
        </Form>
      </section>
      <section aria-labelledby="off-title">
        <h2 id="off-title">{texts.text('account.codes.turnOff')}</h2>
        <p class="soft">{texts.text('account.codes.turnOff.lead')}</p>
        <Form ui={ui} action="/account/codes/remove">
          <PasswordField texts={texts} faults={faults} />
          <CodeField texts={texts} faults={faults} />
          <Submit look="bad">{texts.text('account.codes.turnOff')}</Submit>
        </Form>
      </section>
    </>
  )
}

/** The codes are shown once, in the answer to the form that made them. */
export function recoveryCodesPage(ui: PageUi, codes: readonly string[]): string {
  const { texts } = ui.frame
  return accountPage({
    ui,
    tab: '/account/codes',
    children: (
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
          <a class="button main" href="/account/codes">
            {texts.text('account.codes.recovery.kept')}
          </a>
        </p>
      </section>
    ),
  })
}
