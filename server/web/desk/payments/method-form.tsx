import { z } from 'zod'
import { unwrapped } from '../../../acts/field-text.ts'
import { tierText } from '../../../acts/payment-fields.ts'
import type { Gateway } from '../../../payments/gateway.ts'
import { everyGateway } from '../../../payments/gateways.ts'
import type { MethodRow } from '../../../payments/methods.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Choice } from '../../ui/choice.tsx'
import { Field } from '../../ui/form.tsx'
import { describedBy, Labelled, LinesArea } from '../../ui/labelled.tsx'
import type { Faults } from '../../ui/page-ui.ts'
import { address } from '../../ui/page-links.tsx'
import { Form, FormFault } from '../../ui/parts.tsx'
import { actTitle } from '../act-words.ts'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { PreviewButtons } from '../preview-buttons.tsx'
import { settingNames } from './read-method.ts'

const PATH = `${DESK}/payments/methods`

type Given = Readonly<Record<string, string>>

/** Which gateway a new way to pay is of. */
export function pickGatewayPage(context: DeskContext): string {
  const { texts } = context.ui.frame
  return deskPage(context, {
    title: actTitle(texts, 'payment-method add'),
    lead: texts.text('desk.payments.pick'),
    children: (
      <ul class="desk-methods">
        {everyGateway().map(({ name, title, currencies }) => (
          <li key={name} class="card">
            <h2>
              <a href={address(`${PATH}/new`, { gateway: name })}>{title}</a>
            </h2>
            <p class="small soft">{currencies === 'any' ? texts.text('desk.payments.anyCurrency') : currencies.join(', ')}</p>
          </li>
        ))}
      </ul>
    ),
  })
}

interface NewMethodView {
  readonly gateway: Gateway
  readonly given: Given
  readonly faults: Faults
  /** Shows the secrets that were typed, as dots: the form is looked at again after its preview. */
  readonly keepsSecrets?: boolean
}

export function newMethodPage(context: DeskContext, { gateway, given, faults, keepsSecrets = false }: NewMethodView): string {
  const { ui } = context
  const { texts } = ui.frame
  return deskPage(context, {
    title: gateway.title,
    lead: texts.text('desk.payments.new.lead'),
    children: (
      <Form ui={ui} action={`${PATH}/new`}>
        <FormFault faults={faults} />
        <input type="hidden" name="gateway" value={gateway.name} />
        <Field name="name" label={texts.text('desk.payments.name')} value={given['name'] ?? ''} fault={faults['name']} required />
        <Settings {...{ texts, gateway, given, faults, keepsSecrets }} isNew />
        <PrivateNetwork texts={texts} checked={given['private_network'] === 'yes'} />
        <PreviewButtons texts={texts} back={PATH} />
      </Form>
    ),
  })
}

interface MethodView {
  readonly gateway: Gateway
  readonly method: MethodRow
  /** What was typed; null: nothing yet. */
  readonly given: Given | null
  readonly faults: Faults
  readonly keepsSecrets?: boolean
}

/** One way to pay, with everything that can be changed of it. */
export function methodPage(context: DeskContext, { gateway, method, given, faults, keepsSecrets = false }: MethodView): string {
  const { ui } = context
  const { texts } = ui.frame
  const values = given ?? valuesOf(method)
  const field = (name: string, label: string, more: { inputMode?: 'decimal' | 'numeric'; hint?: string } = {}) => (
    <Field
      name={name}
      label={label}
      value={values[name] ?? ''}
      fault={faults[name]}
      {...(more.inputMode && { dir: 'ltr' as const })}
      {...more}
    />
  )
  return deskPage(context, {
    title: method.name,
    lead: gateway.title,
    children: (
      <Form ui={ui} action={`${PATH}/${method.id}`}>
        <FormFault faults={faults} />
        <h2>{texts.text('desk.payments.forCustomers')}</h2>
        {field('name', texts.text('desk.payments.name'))}
        <Labelled id="words" label={texts.text('desk.payments.words')} fault={faults['words']}>
          <textarea id="words" name="words" rows={4} {...describedBy({ id: 'words', label: '', fault: faults['words'] })}>
            {values['words']}
          </textarea>
        </Labelled>
        {field('position', texts.text('desk.payments.position'), { inputMode: 'numeric' })}
        <h2>{texts.text('desk.payments.terms')}</h2>
        {field('currency', texts.text('desk.money.currency'), { hint: texts.text('desk.payments.currency.hint') })}
        {field('least', texts.text('desk.field.min'), { inputMode: 'decimal' })}
        {field('most', texts.text('desk.field.max'), { inputMode: 'decimal' })}
        {field('fee_percent', texts.text('desk.payments.feePercent'), { inputMode: 'decimal' })}
        {field('fee_fixed', texts.text('desk.payments.feeFixed'), { inputMode: 'decimal' })}
        <LinesArea
          id="bonuses"
          name="bonuses"
          rows={3}
          label={texts.text('desk.payments.bonuses')}
          hint={texts.text('desk.payments.bonuses.hint')}
          value={values['bonuses'] ?? ''}
          fault={Object.entries(faults).find(([name]) => name.startsWith('bonuses'))?.[1]}
        />
        <h2>{gateway.title}</h2>
        <Settings {...{ texts, gateway, faults, keepsSecrets }} given={values} isNew={false} />
        <PrivateNetwork texts={texts} checked={values['private_network'] === 'yes'} />
        <PreviewButtons texts={texts} back={PATH} />
      </Form>
    ),
  })
}

/** The values as the form's fields have them; never a secret. */
function valuesOf({ settings, bonuses, ...method }: MethodRow): Given {
  const open = Object.entries(settings).map(([name, value]) => [`settings.${name}`, String(value)] as const)
  return {
    ...Object.fromEntries(open),
    name: method.name,
    words: method.words ?? '',
    position: String(method.position),
    currency: method.currency ?? '',
    least: method.least ?? '',
    most: method.most ?? '',
    fee_percent: String(method.feeBasisPoints / 100),
    fee_fixed: method.feeFixed,
    bonuses: bonuses.map(tierText).join('\n'),
    private_network: method.privateNetwork ? 'yes' : '',
  }
}

interface SettingsProps {
  readonly texts: Texts
  readonly gateway: Gateway
  readonly given: Given
  readonly faults: Faults
  readonly keepsSecrets: boolean
  readonly isNew: boolean
}

/** The fields of the gateway, drawn from its schema. What is sealed is typed and never shown. */
function Settings({ texts, gateway, given, faults, keepsSecrets, isNew }: SettingsProps) {
  const { sealed } = settingNames(gateway)
  return (
    <>
      {Object.entries(gateway.settings.shape as Record<string, z.ZodType>).map(([name, schema]) => {
        const isSealed = sealed.includes(name)
        const id = `${isSealed ? 'secrets' : 'settings'}.${name}`
        const about = { id, label: labelOf(texts, gateway, name), fault: faults[id] }
        const typed = keepsSecrets ? (given[id] ?? '') : ''
        if (isSealed)
          return <Secret key={name} {...about} texts={texts} typed={typed} isKept={!isNew} isRequired={isNew && !schema.isOptional()} />
        return <Setting key={name} {...about} texts={texts} schema={schema} value={given[id] ?? defaultOf(schema, isNew)} />
      })}
    </>
  )
}

function labelOf(texts: Texts, { name: gateway }: Gateway, name: string): string {
  const own = `desk.payments.setting.${gateway}.${name}`
  const common = `desk.payments.setting.${name}`
  return texts.has(own) ? texts.text(own) : texts.has(common) ? texts.text(common) : name
}

function defaultOf(schema: z.ZodType, isNew: boolean): string {
  return isNew && schema instanceof z.ZodDefault ? String(schema.def.defaultValue) : ''
}

interface OneSettingProps {
  readonly texts: Texts
  readonly id: string
  readonly label: string
  readonly fault: string | undefined
}

function Secret({
  texts,
  id,
  label,
  fault,
  typed,
  isKept,
  isRequired,
}: OneSettingProps & { readonly typed: string; readonly isKept: boolean; readonly isRequired: boolean }) {
  const hint = isKept ? texts.text('desk.payments.secret.kept') : undefined
  return (
    <Field
      id={id}
      name={id}
      type="password"
      autocomplete="off"
      dir="ltr"
      label={label}
      value={typed}
      hint={hint}
      fault={fault}
      required={isRequired}
    />
  )
}

function Setting({ texts, id, label, fault, schema, value }: OneSettingProps & { readonly schema: z.ZodType; readonly value: string }) {
  const inner = unwrapped(schema)
  const isBoolean = inner instanceof z.ZodBoolean
  if (!isBoolean && !(inner instanceof z.ZodEnum)) {
    return <Field id={id} name={id} dir="ltr" label={label} value={value} fault={fault} required={!schema.isOptional()} />
  }
  const options = isBoolean ? ['yes', 'no'] : inner.options.map(String)
  const selected = isBoolean ? (value === 'true' || value === 'yes' ? 'yes' : 'no') : value
  return (
    <Labelled id={id} label={label} fault={fault}>
      <select id={id} name={id} {...describedBy({ id, label, fault })}>
        {schema.isOptional() && !(schema instanceof z.ZodDefault) && <option value="">–</option>}
        {options.map((option) => (
          <option key={option} value={option} selected={option === selected}>
            {optionText(texts, option)}
          </option>
        ))}
      </select>
    </Labelled>
  )
}

function optionText(texts: Texts, option: string): string {
  const key = `desk.payments.choice.${option}`
  return texts.has(key) ? texts.text(key) : option
}

function PrivateNetwork({ texts, checked }: { readonly texts: Texts; readonly checked: boolean }) {
  return (
    <Choice
      type="checkbox"
      name="private_network"
      id="private_network"
      value="yes"
      checked={checked}
      label={texts.text('desk.field.private_network')}
    />
  )
}
