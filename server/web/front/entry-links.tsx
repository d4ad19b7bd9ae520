import type { Frame } from '../ui/document.tsx'
import { addressIn } from '../visitor.ts'

/** The ways in: to register, to sign in, and the documentation. */
export function EntryLinks({ frame: { texts }, mayRegister }: { readonly frame: Frame; readonly mayRegister: boolean }) {
  return (
    <p class="ways">
      {mayRegister && (
        <a class="button main" href="/register">
          {texts.text('account.register')}
        </a>
      )}
      <a class={mayRegister ? 'button' : 'button main'} href="/sign-in">
        {texts.text('account.signIn')}
      </a>
      <a class="button" href={addressIn(texts.language, '/api')}>
        {texts.text('site.docs')}
      </a>
    </p>
  )
}
