import { TERMS } from '../../../site-pages/names.ts'
import { languageFor, termsOf } from '../../../site-pages/public-pages.ts'
import { Form, narrowPage, Submit } from '../../ui/parts.tsx'
import type { Faults, PageUi } from '../../ui/page-ui.ts'
import { addressIn } from '../../visitor.ts'

interface TermsFieldProps {
  readonly ui: PageUi
  /** The version that is accepted: the one that the link shows. */
  readonly version: number
  readonly faults: Faults
}

/** The box by which the operator's terms are accepted, with a link to them. */
export function TermsField({ ui: { frame }, version, faults: { accept: fault } }: TermsFieldProps) {
  const { texts, visitor } = frame
  const titles = termsOf(visitor.pages)?.titles ?? {}
  const language = languageFor(
    texts.language.code,
    visitor.offered.map(({ code }) => code),
    titles,
  )
  return (
    <div class="choice">
      <input type="hidden" name="terms" value={version} />
      <input
        type="checkbox"
        id="accept"
        name="accept"
        required
        aria-describedby={fault === undefined ? undefined : 'accept-fault'}
        aria-invalid={fault === undefined ? undefined : 'true'}
      />
      <label for="accept">
        {texts.text('account.terms.accept')}{' '}
        <a href={addressIn(texts.language, `/p/${TERMS}`)} target="_blank" rel="noopener">
          <bdi lang={language === texts.language.code ? undefined : language}>{titles[language ?? ''] ?? TERMS}</bdi>
        </a>
      </label>
      {fault !== undefined && (
        <p class="fault" id="accept-fault">
          {fault}
        </p>
      )}
    </div>
  )
}

/** Asks a customer to accept the terms again. */
export function acceptTermsPage(ui: PageUi, view: { readonly next: string; readonly version: number; readonly faults: Faults }): string {
  const { texts } = ui.frame
  return narrowPage({
    ui,
    title: 'account.terms.title',
    children: (
      <>
        <p class="soft">{texts.text('account.terms.lead')}</p>
        <Form ui={ui} action="/accept-terms">
          <input type="hidden" name="next" value={view.next} />
          <TermsField ui={ui} version={view.version} faults={view.faults} />
          <Submit>{texts.text('account.continue')}</Submit>
        </Form>
        <Form ui={ui} action="/sign-out">
          <Submit look="plain">{texts.text('account.signOut')}</Submit>
        </Form>
      </>
    ),
  })
}
