import { accountPage } from './account-frame.tsx'
import { CodeField, Form, FormFault, PasswordField, Submit } from '../../ui/parts.tsx'
import { type Proof, ProofFields } from '../proof.tsx'
import { AppKey, RecoveryCodes } from '../../ui/second-factor.tsx'
import type { Faults, PageUi } from '../../ui/page-ui.ts'

export type CodesState =
  | { readonly kind: 'off' }
  | { readonly kind: 'setting up'; readonly secret: string; readonly uri: string }
  | { readonly kind: 'on'; readonly left: number }

interface CodesView {
  readonly state: CodesState
  readonly proof: Proof
  readonly faults: Faults
  readonly done?: string | undefined
}

/** The page for an authenticator app: set it up, make recovery codes, turn it off. */
export function codesPage(ui: PageUi, { state, proof, faults, done }: CodesView): string {
  const { texts } = ui.frame
  return accountPage({
    ui,
    tab: '/account/codes',
    done,
    children: (
      <>
        <FormFault faults={faults} />
        {state.kind === 'on' ? <On ui={ui} left={state.left} proof={proof} faults={faults} /> : <p>{texts.text('account.codes.lead')}</p>}
        {state.kind === 'off' && (
          <Form ui={ui} action="/account/codes/begin">
            <Submit>{texts.text('account.codes.begin')}</Submit>
          </Form>
        )}
        {state.kind === 'setting up' && (
          <AppKey ui={ui} action="/account/codes/confirm" secret={state.secret} uri={state.uri} faults={faults} />
        )}
      </>
    ),
  })
}

function On({ ui, left, proof, faults }: { ui: PageUi; left: number; proof: Proof; faults: Faults }) {
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
          {proof.hasPassword ? (
            <PasswordField texts={texts} faults={faults} />
          ) : (
            <ProofFields texts={texts} faults={faults} proof={proof} next="/account/codes" />
          )}
          <CodeField texts={texts} faults={faults} />
          <Submit look="bad">{texts.text('account.codes.turnOff')}</Submit>
        </Form>
      </section>
    </>
  )
}

export function recoveryCodesPage(ui: PageUi, codes: readonly string[]): string {
  return accountPage({
    ui,
    tab: '/account/codes',
    children: <RecoveryCodes ui={ui} codes={codes} back="/account/codes" />,
  })
}
