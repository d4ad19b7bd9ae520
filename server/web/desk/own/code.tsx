import type { Faults } from '../../ui/page-ui.ts'
import { CodeField, Form, FormFault, PasswordField, Submit } from '../../ui/parts.tsx'
import { Notice } from '../../ui/notice.tsx'
import { AppKey, RecoveryCodes } from '../../ui/second-factor.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'

export type OwnCode =
  | { readonly kind: 'off' }
  | { readonly kind: 'setting up'; readonly secret: string; readonly uri: string }
  | { readonly kind: 'on'; readonly left: number }

const CODE = `${DESK}/own/code`

/** The page for an authenticator app: set it up, make recovery codes, turn it off. */
export function codePage(context: DeskContext, { code, faults }: { code: OwnCode; faults: Faults }): string {
  const { ui, staff } = context
  const { texts } = ui.frame
  return deskPage(context, {
    title: texts.text('account.codes'),
    children: (
      <div class="desk-own">
        {staff.mustSetUpCode && <Notice mood="warn">{texts.text('desk.own.mustSetUpCode')}</Notice>}
        <FormFault faults={faults} />
        {code.kind === 'on' ? <On context={context} left={code.left} faults={faults} /> : <p>{texts.text('account.codes.lead')}</p>}
        {code.kind === 'off' && (
          <Form ui={ui} action={`${CODE}/begin`}>
            {!staff.fresh && <PasswordField texts={texts} faults={faults} />}
            <Submit>{texts.text('account.codes.begin')}</Submit>
          </Form>
        )}
        {code.kind === 'setting up' && <AppKey ui={ui} action={`${CODE}/confirm`} secret={code.secret} uri={code.uri} faults={faults} />}
      </div>
    ),
  })
}

function On({ context, left, faults }: { readonly context: DeskContext; readonly left: number; readonly faults: Faults }) {
  const { ui } = context
  const { texts } = ui.frame
  const ways = [
    { action: 'renew', title: 'account.codes.renew', hint: 'account.codes.renew.hint', look: 'plain' },
    { action: 'remove', title: 'account.codes.turnOff', hint: 'account.codes.turnOff.lead', look: 'bad' },
  ] as const
  return (
    <>
      <p>
        {texts.text('account.codes.on')} {texts.text('account.codes.left', { count: left })}
      </p>
      {ways.map(({ action, title, hint, look }) => (
        <section key={action} aria-labelledby={`${action}-title`}>
          <h2 id={`${action}-title`}>{texts.text(title)}</h2>
          <p class="soft">{texts.text(hint)}</p>
          <details>
            <summary>{texts.text(title)}</summary>
            <Form ui={ui} action={`${CODE}/${action}`}>
              <PasswordField texts={texts} faults={faults} id={`${action}-password`} />
              <CodeField texts={texts} faults={faults} id={`${action}-code`} />
              <Submit look={look}>{texts.text(title)}</Submit>
            </Form>
          </details>
        </section>
      ))}
    </>
  )
}

export function recoveryCodesPage(context: DeskContext, codes: readonly string[]): string {
  const { ui } = context
  return deskPage(context, {
    title: ui.frame.texts.text('account.codes'),
    children: <RecoveryCodes ui={ui} codes={codes} back={DESK} />,
  })
}
