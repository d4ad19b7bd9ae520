import { movingSources } from '../../../move-in/movings.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Choice, Choices } from '../../ui/choice.tsx'
import { Field } from '../../ui/form.tsx'
import { LinesArea } from '../../ui/labelled.tsx'
import { Form, FormFault, Submit } from '../../ui/parts.tsx'
import type { Faults } from '../../ui/page-ui.ts'
import type { Given } from '../act-fields.tsx'
import { fieldLabel, optionLabel } from '../act-words.ts'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { faultText } from '../field-faults.ts'
import { MOVING } from './moving-address.ts'

const sources = movingSources.filter((source) => source !== 'out')

interface NewMovingView {
  /** Undefined: it is not chosen yet. */
  readonly source: (typeof sources)[number] | undefined
  readonly given: Given
  readonly faults: Faults
  readonly requestKey: string
}

/** Where one comes from, then what that needs. */
export function newMovingPage(context: DeskContext, view: NewMovingView): string {
  const { texts } = context.ui.frame
  const { source } = view
  return deskPage(context, {
    title: texts.text('desk.moving.new'),
    lead: source === undefined ? texts.text('desk.moving.new.lead') : optionLabel(texts, source),
    children: source === undefined ? <Sources texts={texts} /> : <Wanted context={context} view={view} source={source} />,
  })
}

function Sources({ texts }: { readonly texts: Texts }) {
  return (
    <form method="get" action={`${MOVING}/new`} class="form card">
      <Choices legend={texts.text('desk.moving.from')} id="source">
        {sources.map((source, at) => (
          <Choice
            key={source}
            type="radio"
            name="source"
            value={source}
            id={`source-${source}`}
            checked={at === 0}
            label={optionLabel(texts, source)}
            hint={texts.text(`desk.moving.hint.${source}`)}
          />
        ))}
      </Choices>
      <Submit>{texts.text('desk.form.goOn')}</Submit>
    </form>
  )
}

interface WantedProps {
  readonly context: DeskContext
  readonly view: NewMovingView
  readonly source: (typeof sources)[number]
}

function Wanted({ context: { ui }, view: { given, faults, requestKey }, source }: WantedProps) {
  const { texts } = ui.frame
  const fault = (name: string) => (faults[name] === undefined ? undefined : faultText(texts, faults[name]))
  const field = (name: string) => ({ name, label: fieldLabel(texts, name), value: given[name], fault: fault(name) })
  const isPanel = source !== 'docket'
  return (
    <Form ui={ui} action={`${MOVING}/new`} class="form card">
      <FormFault faults={faults} />
      <input type="hidden" name="source" value={source} />
      <input type="hidden" name="form:once" value={requestKey} />
      <p class="soft">{texts.text(`desk.moving.hint.${source}`)}</p>
      {source === 'hosted' && (
        <>
          <Field {...field('url')} type="url" inputMode="url" dir="ltr" required hint={texts.text('desk.moving.urlHint')} />
          <Field {...field('key')} type="password" autocomplete="off" dir="ltr" required hint={texts.text('desk.moving.keyHint')} />
          <Field {...field('services_key')} type="password" autocomplete="off" dir="ltr" hint={texts.text('desk.moving.servicesKeyHint')} />
          <LinesArea
            id="suppliers"
            name="suppliers"
            label={texts.text('desk.moving.kind.suppliers')}
            hint={texts.text('desk.moving.suppliersHint')}
            value={given['suppliers'] ?? ''}
            rows={4}
            fault={fault('suppliers')}
          />
        </>
      )}
      {isPanel && (
        <>
          <Field {...field('name')} value={given['name'] ?? source} dir="ltr" required hint={texts.text('desk.moving.nameHint')} />
          <Field {...field('currency')} dir="ltr" hint={texts.text('desk.moving.currencyHint')} />
          <Choice
            type="checkbox"
            name="try_suppliers"
            id="try_suppliers"
            checked={given['try_suppliers'] !== undefined}
            label={fieldLabel(texts, 'try_suppliers')}
            hint={texts.text('desk.moving.tryHint')}
          />
          <Choice
            type="checkbox"
            name="private_network"
            id="private_network"
            checked={given['private_network'] !== undefined}
            label={texts.text('desk.moving.privateNetwork')}
          />
        </>
      )}
      <Submit>{texts.text(source === 'hosted' ? 'desk.moving.look.go' : 'desk.form.goOn')}</Submit>
    </Form>
  )
}
