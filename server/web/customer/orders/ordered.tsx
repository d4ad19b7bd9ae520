import { Fragment } from 'preact'
import { serviceTypeByName } from '../../../../contract/service-types.ts'
import type { ShownOrder } from '../../../orders/show.ts'
import { labelOf, valueText } from '../order/labels.ts'
import type { Texts } from '../../../texts/texts.ts'

const LONG = 120

/** The values of the type's other fields beyond link and quantity, as typed; long values are folded. */
export function Ordered({ texts, order, type }: { readonly texts: Texts; readonly order: ShownOrder; readonly type: string | undefined }) {
  const fields = serviceTypeByName.get(type ?? '')?.fields ?? []
  const parameters = order.parameters ?? {}
  // In the order of the form; fields that the type no longer has come last.
  const known = fields.filter(({ name }) => parameters[name] !== undefined)
  const others = Object.keys(parameters).filter((name) => !known.some((field) => field.name === name))
  const given = [
    ...known.map((field) => ({
      name: field.name,
      value: valueText(texts, field, parameters[field.name]!),
      label: labelOf(texts, field),
    })),
    ...others.map((name) => ({ name, value: parameters[name]!, label: name })),
  ]
  if (given.length === 0) return null
  return (
    <section aria-labelledby="ordered">
      <h2 id="ordered">{texts.text('orders.ordered')}</h2>
      <dl class="own-facts">
        {given.map(({ name, value, label }) => (
          <Fragment key={name}>
            <dt>{label}</dt>
            <dd>
              {value.length > LONG || value.includes('\n') ? (
                <details>
                  <summary>{texts.text('orders.lines', { count: value.split(/\r?\n/).length })}</summary>
                  <p class="as-typed" dir="auto">
                    {value}
                  </p>
                </details>
              ) : (
                <bdi>{value}</bdi>
              )}
            </dd>
          </Fragment>
        ))}
      </dl>
    </section>
  )
}
