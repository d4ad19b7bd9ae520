import { accountPage } from './account-frame.tsx'
import { LinkedSection, type LinkedView } from './linked.tsx'
import { EmailField, Form, FormFault, NewPasswordField, PasswordField, Submit } from '../../ui/parts.tsx'
import type { Faults, PageUi } from '../../ui/page-ui.ts'

interface ProfileView extends LinkedView {
  readonly email: string
  readonly accountId: number
  readonly hasPassword: boolean
  readonly newMail: string
  readonly faults: Faults
  readonly done?: string | undefined
}

/** The user's address, password and language. */
export function profilePage(ui: PageUi, { email, accountId, hasPassword, linked, providers, newMail, faults, done }: ProfileView): string {
  const { texts } = ui.frame
  return accountPage({
    ui,
    tab: '/account',
    done,
    children: (
      <>
        <dl class="own-facts">
          <dt>{texts.text('account.email')}</dt>
          <dd dir="ltr">{email}</dd>
          <dt>{texts.text('account.title')}</dt>
          <dd>{accountId}</dd>
        </dl>
        <FormFault faults={faults} />
        <section aria-labelledby="password-title">
          <h2 id="password-title">{texts.text(hasPassword ? 'account.changePassword' : 'account.choose.title')}</h2>
          {hasPassword ? (
            <Form ui={ui} action="/account/password">
              <input type="hidden" name="username" value={email} autocomplete="username" />
              <PasswordField texts={texts} faults={faults} name="current" label="account.currentPassword" />
              <NewPasswordField texts={texts} faults={faults} />
              <Submit>{texts.text('account.changePassword')}</Submit>
            </Form>
          ) : (
            <>
              <p class="soft">{texts.text('account.with.noPassword')}</p>
              <Form ui={ui} action="/forgot">
                <input type="hidden" name="email" value={email} />
                <Submit look="plain">{texts.text('account.sendLink')}</Submit>
              </Form>
            </>
          )}
        </section>
        <LinkedSection ui={ui} linked={linked} providers={providers} faults={faults} />
        <section aria-labelledby="mail-title">
          <h2 id="mail-title">{texts.text('account.changeMail')}</h2>
          <p class="soft">{texts.text('account.newMail.hint')}</p>
          <Form ui={ui} action="/account/mail">
            <EmailField texts={texts} faults={faults} label="account.newMail" value={newMail} />
            <Submit look="plain">{texts.text('account.sendLink')}</Submit>
          </Form>
        </section>
        <section aria-labelledby="language-title">
          <h2 id="language-title">{texts.text('account.language')}</h2>
          <Form ui={ui} action="/account/language">
            <div class="field">
              <label for="language" class="visually-hidden">
                {texts.text('account.language')}
              </label>
              <select id="language" name="locale" aria-describedby="language-hint">
                {ui.frame.visitor.offered.map(({ code, name }) => (
                  <option key={code} value={code} lang={code} selected={code === texts.language.code}>
                    {name}
                  </option>
                ))}
              </select>
              <p class="hint" id="language-hint">
                {texts.text('account.language.hint')}
              </p>
            </div>
            <Submit look="plain">{texts.text('account.save')}</Submit>
          </Form>
        </section>
      </>
    ),
  })
}
