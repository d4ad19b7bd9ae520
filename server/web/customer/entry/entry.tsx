import { CodeField, EmailField, Form, FormFault, narrowPage, NewPasswordField, PasswordField, Submit } from '../parts.tsx'
import type { Faults, Scene } from '../scene.ts'

interface SignInView {
  readonly email: string
  readonly next: string
  readonly mayRegister: boolean
  readonly faults: Faults
  readonly done?: string | undefined
}

export function signInPage(scene: Scene, { email, next, mayRegister, faults, done }: SignInView): string {
  const { texts } = scene.frame
  return narrowPage({
    scene,
    title: 'account.signIn',
    done,
    children: (
      <>
        <Form scene={scene} action="/sign-in">
          <FormFault faults={faults} />
          <input type="hidden" name="next" value={next} />
          <EmailField texts={texts} faults={faults} value={email} autofocus={email === ''} />
          <PasswordField texts={texts} faults={faults} autofocus={email !== ''} />
          <Submit>{texts.text('account.signIn')}</Submit>
        </Form>
        <p class="ways">
          <a href="/forgot">{texts.text('account.forgot')}</a>
          {mayRegister && <a href="/register">{texts.text('account.register')}</a>}
        </p>
      </>
    ),
  })
}

export function codePage(scene: Scene, { ticket, next, faults }: { ticket: string; next: string; faults: Faults }): string {
  const { texts } = scene.frame
  return narrowPage({
    scene,
    title: 'account.code.title',
    children: (
      <Form scene={scene} action="/sign-in/code">
        <FormFault faults={faults} />
        <input type="hidden" name="ticket" value={ticket} />
        <input type="hidden" name="next" value={next} />
        <CodeField texts={texts} faults={faults} autofocus />
        <Submit>{texts.text('account.continue')}</Submit>
      </Form>
    ),
  })
}

/** The form that asks for a mail with a link. */
export function askPage(scene: Scene, view: { of: 'register' | 'forgot'; email: string; faults: Faults }): string {
  const { texts } = scene.frame
  return narrowPage({
    scene,
    title: view.of === 'register' ? 'account.register' : 'account.forgot.title',
    children: (
      <>
        <p class="soft">{texts.text(`account.${view.of}.lead`)}</p>
        <Form scene={scene} action={`/${view.of}`}>
          <FormFault faults={view.faults} />
          <EmailField texts={texts} faults={view.faults} value={view.email} autofocus />
          <Submit>{texts.text('account.sendLink')}</Submit>
        </Form>
        <ToSignIn scene={scene} />
      </>
    ),
  })
}

export function askedPage(scene: Scene, email: string): string {
  const { texts } = scene.frame
  return narrowPage({
    scene,
    title: 'account.asked.title',
    children: (
      <>
        <p class="soft">{texts.text('account.asked.text', { email })}</p>
        <ToSignIn scene={scene} />
      </>
    ),
  })
}

export function choosePage(scene: Scene, view: { token: string; email: string; faults: Faults }): string {
  const { texts } = scene.frame
  return narrowPage({
    scene,
    title: 'account.choose.title',
    children: (
      <>
        <p class="soft">{texts.text('account.choose.lead', { email: view.email })}</p>
        <Form scene={scene} action={`/reset/${view.token}`}>
          <FormFault faults={view.faults} />
          {/* Keepers of passwords learn which address it belongs to. */}
          <input type="hidden" name="email" value={view.email} autocomplete="username" />
          <NewPasswordField texts={texts} faults={view.faults} autofocus />
          <Submit>{texts.text('account.choose.save')}</Submit>
        </Form>
      </>
    ),
  })
}

export function confirmMailPage(scene: Scene, view: { token: string; email: string }): string {
  const { texts } = scene.frame
  return narrowPage({
    scene,
    title: 'account.confirmMail.title',
    children: (
      <>
        <p class="soft">{texts.text('account.confirmMail.text', { email: view.email })}</p>
        <Form scene={scene} action={`/confirm-mail/${view.token}`}>
          <Submit>{texts.text('account.confirmMail.save')}</Submit>
        </Form>
      </>
    ),
  })
}

/** Delicate acts ask who is there once more. */
export function provePage(scene: Scene, view: { next: string; secondFactor: boolean; faults: Faults }): string {
  const { texts } = scene.frame
  return narrowPage({
    scene,
    title: 'account.prove.title',
    children: (
      <>
        <p class="soft">{texts.text('account.prove.lead')}</p>
        <Form scene={scene} action="/account/prove">
          <FormFault faults={view.faults} />
          <input type="hidden" name="next" value={view.next} />
          <PasswordField texts={texts} faults={view.faults} />
          {view.secondFactor && <CodeField texts={texts} faults={view.faults} />}
          <Submit>{texts.text('account.continue')}</Submit>
        </Form>
      </>
    ),
  })
}

const deadEnds = {
  linkVoid: { title: 'account.linkVoid.title', text: 'account.linkVoid.text' },
  closed: { title: 'account.register.closed.title', text: 'account.register.closed.text' },
} as const

/** Why there is nothing to do here, and where there is. */
export function deadEndPage(scene: Scene, end: keyof typeof deadEnds): string {
  const { texts, house } = scene.frame
  const { title, text } = deadEnds[end]
  return narrowPage({
    scene,
    title,
    children: (
      <>
        <p class="soft">{texts.text(text, { name: house.name })}</p>
        <p class="ways">
          {end === 'linkVoid' && <a href="/forgot">{texts.text('account.forgot')}</a>}
          <a href="/sign-in">{texts.text('account.signIn')}</a>
        </p>
      </>
    ),
  })
}

function ToSignIn({ scene }: { readonly scene: Scene }) {
  return (
    <p class="ways">
      <a href="/sign-in">{scene.frame.texts.text('account.signIn')}</a>
    </p>
  )
}
