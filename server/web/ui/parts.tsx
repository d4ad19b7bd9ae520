import type { ComponentChildren } from 'preact'
import type { MessageKey } from '../../../contract/message.ts'
import { type Page, renderDocument } from './document.tsx'
import { Button, Field } from './form.tsx'
import { Layout } from './layout.tsx'
import { Notice } from './notice.tsx'
import type { Texts } from '../../texts/texts.ts'
import type { Faults, PageUi } from './page-ui.ts'

interface FormProps {
  readonly ui: PageUi
  readonly action: string
  readonly class?: string
  /** For elements of this form that are elsewhere on the page. */
  readonly id?: string
  /** Texts that the page's script shows, by name. */
  readonly messages?: Readonly<Record<string, string>>
  /** It may bring files. */
  readonly withFiles?: boolean
  readonly children: ComponentChildren
}

/** A form with the token that protects it against forgery by other sites. */
export function Form({ ui, action, class: further = 'form', id, messages, withFiles = false, children }: FormProps) {
  return (
    <form
      method="post"
      action={action}
      class={further}
      id={id}
      enctype={withFiles ? 'multipart/form-data' : undefined}
      data-messages={messages && JSON.stringify(messages)}
    >
      <input type="hidden" name="csrf" value={ui.csrf} />
      {children}
    </form>
  )
}

/** The form's main button. */
export function Submit({
  children,
  look = 'main',
}: {
  readonly children: ComponentChildren
  readonly look?: 'main' | 'plain' | 'bad' | 'small'
}) {
  return (
    <Button type="submit" look={look}>
      {children}
    </Button>
  )
}

/** The fault of the form as a whole. */
export function FormFault({ faults }: { readonly faults: Faults }) {
  return faults['form'] === undefined ? null : <Notice mood="bad">{faults['form']}</Notice>
}

interface NamedFieldProps {
  readonly texts: Texts
  readonly faults: Faults
  readonly name?: string
  readonly label?: MessageKey
  /** The field has the focus when the page opens. */
  readonly autofocus?: boolean
  /** Unique on the page. It is the name, unless several fields of the page have that name. */
  readonly id?: string
}

export function EmailField({
  texts,
  faults,
  name = 'email',
  label = 'account.email',
  value,
  autofocus,
}: NamedFieldProps & { readonly value?: string }) {
  const shown = value === undefined || value === '' ? {} : { value }
  return (
    <Field
      name={name} label={texts.text(label)} type="email" inputMode="email" autocomplete="email" required dir="ltr"
      fault={faults[name]} {...shown} {...(autofocus && { autofocus })}
    />
  ) // prettier-ignore
}

export function PasswordField({ texts, faults, name = 'password', label = 'account.password', autofocus, id = name }: NamedFieldProps) {
  return (
    <Field
      id={id} name={name} label={texts.text(label)} type="password" autocomplete="current-password" required dir="ltr" fault={faults[name]}
      {...(autofocus && { autofocus })}
    />
  ) // prettier-ignore
}

export function NewPasswordField({ texts, faults, name = 'wanted', label = 'account.newPassword', autofocus }: NamedFieldProps) {
  return (
    <Field
      name={name} label={texts.text(label)} type="password" autocomplete="new-password" required dir="ltr" fault={faults[name]} {...(autofocus && { autofocus })}
      hint={texts.text('account.choose.hint')}
    />
  ) // prettier-ignore
}

export function CodeField({
  texts,
  faults,
  name = 'code',
  hint = true,
  autofocus,
  id = name,
}: NamedFieldProps & { readonly hint?: boolean }) {
  return (
    <Field
      id={id} name={name} label={texts.text('account.code')} autocomplete="one-time-code" required dir="ltr" fault={faults[name]} {...(autofocus && { autofocus })}
      hint={hint ? texts.text('account.code.hint') : undefined}
    />
  ) // prettier-ignore
}

interface NarrowProps {
  readonly ui: PageUi
  readonly title: MessageKey
  /** What the title names beside the house. */
  readonly values?: Readonly<Record<string, string>>
  readonly done?: string | undefined
  readonly children: ComponentChildren
}

/** A page for one task. */
export function narrowPage({ ui, title, values, done, children }: NarrowProps): string {
  const { frame } = ui
  const page: Page = { title: frame.texts.text(title, { name: frame.house.name, ...values }), script: 'site' }
  return renderDocument(
    frame,
    page,
    <Layout frame={frame} page={page}>
      <main id="content" class="entry">
        {done !== undefined && <Notice mood="good">{done}</Notice>}
        <h1>{page.title}</h1>
        {children}
      </main>
    </Layout>,
  )
}

/** A moment in the reader's format, in UTC, because the server does not know the reader's time zone. The island moments.ts rewrites it in the
 * browser's time zone. */
export function Moment({ texts, at }: { readonly texts: Texts; readonly at: Date }) {
  return (
    <time class="moment" dateTime={at.toISOString()}>
      {momentText(texts, at)}
    </time>
  )
}

export function momentText(texts: Texts, at: Date): string {
  return `${momentFormat(texts.language.code).format(at)} UTC`
}

/** A link that does not begin with http or https is shown as text only. */
export function OpenLink({ link }: { readonly link: string }) {
  return /^https?:\/\//i.test(link) ? (
    <a href={link} target="_blank" rel="noopener noreferrer nofollow">
      {link}
    </a>
  ) : (
    <>{link}</>
  )
}

/** The link of an order, to be opened and copied. The other site gets no referrer. */
export function OrderLink({ texts, link }: { readonly texts: Texts; readonly link: string }) {
  return (
    <span class="order-link">
      <bdi dir="ltr">
        <OpenLink link={link} />
      </bdi>{' '}
      <Button
        look="small"
        class="needs-script"
        data-copy={link}
        data-done={texts.text('docs.copied')}
        aria-label={texts.text('app.copyLink')}
      >
        {texts.text('docs.copy')}
      </Button>
    </span>
  )
}

const momentFormats = new Map<string, Intl.DateTimeFormat>()

/** Created once per language, because a page shows about fifty moments. */
function momentFormat(language: string): Intl.DateTimeFormat {
  const known = momentFormats.get(language)
  if (known) return known
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
  momentFormats.set(language, format)
  return format
}
