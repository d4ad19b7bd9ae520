import type { ComponentChildren } from 'preact'
import type { MessageKey } from '../../../../contract/message.ts'
import { type Page, renderDocument } from '../../ui/document.tsx'
import { Layout } from '../../ui/layout.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Form, Submit } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'

const tabs = [
  { path: '/account', name: 'account.profile' },
  { path: '/account/codes', name: 'account.codes' },
  { path: '/account/sessions', name: 'account.sessions' },
  { path: '/account/log', name: 'account.log' },
] as const satisfies { path: string; name: MessageKey }[]

interface AccountPageProps {
  readonly ui: PageUi
  readonly tab: (typeof tabs)[number]['path']
  readonly done?: string | undefined
  readonly children: ComponentChildren
}

/** A page of the user's account settings. */
export function accountPage({ ui, tab, done, children }: AccountPageProps): string {
  const { frame } = ui
  const { texts } = frame
  const current = tabs.find(({ path }) => path === tab)!
  const page: Page = { title: texts.text(current.name), script: 'site' }
  return renderDocument(
    frame,
    page,
    <Layout frame={frame} page={page}>
      <div class="account">
        <nav class="tabs" aria-label={texts.text('account.title')}>
          {tabs.map(({ path, name }) => (
            <a key={path} href={path} aria-current={path === tab ? 'page' : undefined}>
              {texts.text(name)}
            </a>
          ))}
          <Form ui={ui} action="/sign-out" class="sign-out">
            <Submit look="small">{texts.text('account.signOut')}</Submit>
          </Form>
        </nav>
        <main id="content">
          {done !== undefined && <Notice mood="good">{done}</Notice>}
          <h1>{page.title}</h1>
          {children}
        </main>
      </div>
    </Layout>,
  )
}
