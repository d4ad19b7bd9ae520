import { aboutScopes, scopes } from '../../../../contract/scopes.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Choice, Choices } from '../../ui/choice.tsx'
import { Button, Field } from '../../ui/form.tsx'
import { Prose } from '../../ui/prose.tsx'
import { Form, FormFault, Submit } from '../../ui/parts.tsx'
import { type Proof, ProofFields } from '../proof.tsx'
import type { Faults, PageUi } from '../../ui/page-ui.ts'
import type { NamedService } from '../services/service-name.ts'
import { scopeNames, type TypedKey } from './key-form.ts'
import { ServiceNames } from './service-names.tsx'

export interface KeyFormView {
  readonly action: string
  readonly typed: TypedKey
  readonly faults: Faults
  readonly proof: Proof
  /** The id of this form; null if the key exists already, in which case it remains a live or a test key. */
  readonly form: string | null
  /** The address that this request comes from. */
  readonly address: string
  /** The names of the services in the list, once the user has asked for them. */
  readonly named: readonly NamedService[] | null
  readonly submit: string
}

/** The name and the limits of a key. Its buttons work without script: each submits the form, and the page shows the typed values again. */
export function KeyForm({ ui, view }: { readonly ui: PageUi; readonly view: KeyFormView }) {
  const { texts } = ui.frame
  const { typed, faults, proof, form, address, named } = view
  return (
    <Form ui={ui} action={view.action} class="form key-form">
      <FormFault faults={faults} />
      {form !== null && <input type="hidden" name="form" value={form} />}
      {/* Enter presses the first button of a form. */}
      <button type="submit" name="step" value="save" class="visually-hidden" tabIndex={-1} aria-hidden="true">
        {view.submit}
      </button>
      <Field name="label" label={texts.text('keys.label')} value={typed.label} required fault={faults['label']} hint={texts.text('keys.label.hint')} autocomplete="off" />
      {form !== null && <Kind texts={texts} typed={typed} />}
      <Access texts={texts} typed={typed} fault={faults['access']} />
      <Field name="daily_cap" label={texts.text('keys.dailyCap')} value={typed.dailyCap} inputMode="decimal" dir="ltr" fault={faults['daily_cap']} hint={texts.text('keys.dailyCap.hint')} autocomplete="off" />
      <div class="stack narrow-gap">
        <Field name="services" label={texts.text('app.services')} value={typed.services} dir="ltr" fault={faults['services']} hint={texts.text('keys.services.hint')} autocomplete="off" />
        <Button type="submit" name="step" value="names" look="small">
          {texts.text('keys.showNames')}
        </Button>
        {named !== null && <ServiceNames texts={texts} services={named} />}
      </div>
      <div class="stack narrow-gap">
        <Networks texts={texts} value={typed.networks} fault={faults['networks']} />
        <Button type="submit" name="step" value="address" look="small">
          {texts.text('keys.addAddress')} <bdi dir="ltr">{address}</bdi>
        </Button>
      </div>
      <Field name="expires" type="date" label={texts.text('keys.expires')} value={typed.expires} fault={faults['expires']} hint={texts.text('keys.expires.hint')} />
      <ProofFields texts={texts} faults={faults} proof={proof} next="/keys" />
      <p class="row">
        <Button type="submit" name="step" value="save" look="main">
          {view.submit}
        </Button>
      </p>
    </Form>
  ) // prettier-ignore
}

function Kind({ texts, typed }: { readonly texts: Texts; readonly typed: TypedKey }) {
  return (
    <Choices legend={texts.text('keys.kind')} id="kind">
      <Choice type="radio" name="kind" value="live" id="kind-live" checked={typed.kind === 'live'} label={texts.text('keys.live')} hint={texts.text('keys.live.hint')} />
      <Choice type="radio" name="kind" value="test" id="kind-test" checked={typed.kind === 'test'} label={texts.text('keys.test')} hint={texts.text('keys.test.hint')} />
    </Choices>
  ) // prettier-ignore
}

function Access({ texts, typed, fault }: { readonly texts: Texts; readonly typed: TypedKey; readonly fault: string | undefined }) {
  return (
    <Choices legend={texts.text('keys.access')} id="access" fault={fault}>
      <Choice type="radio" name="access" value="everything" id="access-everything" checked={typed.access === 'everything'} label={texts.text('keys.everything')} hint={texts.text('keys.everything.hint')} />
      <Choice type="radio" name="access" value="chosen" id="access-chosen" checked={typed.access === 'chosen'} label={texts.text('keys.chosen')} />
      <div class="chosen-scopes">
        {scopeNames.map((scope) => (
          <Choice
            key={scope} type="checkbox" name={`scope-${scope}`} id={`scope-${scope}`} checked={typed.scopes.includes(scope)}
            label={texts.text(aboutScopes[scope]!)} hint={<code dir="ltr">{[...new Set(scopes[scope])].join(' ')}</code>}
          />
        ))}
      </div>
    </Choices>
  ) // prettier-ignore
}

function Networks({ texts, value, fault }: { readonly texts: Texts; readonly value: string; readonly fault: string | undefined }) {
  return (
    <div class="field">
      <label for="networks">{texts.text('keys.networks')}</label>
      <textarea
        id="networks" name="networks" dir="ltr" rows={3} spellcheck={false} autocomplete="off"
        aria-describedby={`networks-hint${fault === undefined ? '' : ' networks-fault'}`} aria-invalid={fault === undefined ? undefined : 'true'}
      >
        {value}
      </textarea>
      <p class="hint" id="networks-hint">
        <Prose text={texts.text('keys.networks.hint')} />
      </p>
      {fault !== undefined && (
        <p class="fault" id="networks-fault">
          {fault}
        </p>
      )}
    </div>
  ) // prettier-ignore
}

/** A question with its one button. */
export function ConfirmForm({
  ui,
  action,
  proof,
  faults,
  submit,
  look,
}: {
  readonly ui: PageUi
  readonly action: string
  readonly proof: Proof
  readonly faults: Faults
  readonly submit: string
  readonly look: 'main' | 'bad'
}) {
  return (
    <Form ui={ui} action={action} class="form narrow-form">
      <FormFault faults={faults} />
      <ProofFields texts={ui.frame.texts} faults={faults} proof={proof} next="/keys" />
      <Submit look={look}>{submit}</Submit>
    </Form>
  )
}
