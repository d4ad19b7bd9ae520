import type { Texts } from '../../../texts/texts.ts'
import { Field } from '../../ui/form.tsx'
import { Submit } from '../../ui/parts.tsx'

interface ServicePickerProps {
  readonly texts: Texts
  readonly favourites: ReadonlySet<number>
  readonly currency: string
  /** The search that found no service. */
  readonly asked?: string
  /** The service whose form is shown below. */
  readonly chosen?: string
}

/** The field that chooses another service, by number or by words. The page's script searches while the reader types; without script, the list of
 * services searches. */
export function ServicePicker({ texts, favourites, currency, asked = '', chosen }: ServicePickerProps) {
  const messages = {
    found: texts.pluralForms('app.found'),
    none: texts.text('app.nothingFound.title'),
    loading: texts.text('offer.loading'),
    failed: texts.text('offer.loadFailed'),
    formFailed: texts.text('order.formFailed'),
    favourite: texts.text('offer.favourite'),
    perPackage: texts.text('app.perPackage'),
    marks: [texts.text('app.dripFeed'), texts.text('app.refill'), texts.text('app.cancel')],
  }
  return (
    <form
      method="get"
      action="/order"
      class="service-picker"
      data-currency={currency}
      data-favourites={[...favourites].join(',')}
      data-messages={JSON.stringify(messages)}
    >
      <Field
        name="service"
        id="pick"
        label={texts.text('offer.find')}
        hint={texts.text('offer.findHint')}
        autocomplete="off"
        value={chosen ?? asked}
        {...(chosen === undefined && { autofocus: true })}
        fault={asked === '' ? undefined : texts.text('refusal.incorrectService')}
      />
      <div class="without-script">
        <Submit>{texts.text('app.next')}</Submit>
      </div>
    </form>
  )
}
