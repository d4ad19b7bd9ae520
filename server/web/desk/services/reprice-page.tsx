import { listCategories } from '../../../catalog/categories.ts'
import { readIds } from '../../../acts/fields.ts'
import { Field } from '../../ui/form.tsx'
import { Labelled } from '../../ui/labelled.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Form } from '../../ui/parts.tsx'
import { type DeskContext, ownDeskAddress } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { PreviewButtons } from '../preview-buttons.tsx'

/** The form for new prices by a margin over the cost, or up and down by a percentage. */
export async function repricePage(context: DeskContext, given: URLSearchParams, fault?: string): Promise<string> {
  const { ui, db } = context
  const { texts } = ui.frame
  const categories = (await listCategories(db)).map(({ category }) => category)
  const by = given.get('by') ?? 'margin'
  const back = ownDeskAddress(given.get('back') ?? '/desk/services')
  return deskPage(context, {
    title: texts.text('desk.services.reprice'),
    lead: texts.text('desk.services.reprice.lead'),
    children: (
      <Form ui={ui} action="/desk/services/reprice">
        {fault !== undefined && <Notice mood="bad">{fault}</Notice>}
        <input type="hidden" name="back" value={back} />
        <Field name="services" label={texts.text('desk.services.reprice.services')} hint={texts.text('desk.services.reprice.services.hint')} value={given.get('services') ?? ''} dir="ltr" />
        <Labelled id="category" label={texts.text('desk.services.reprice.category')}>
          <select id="category" name="category">
            <option value="">{texts.text('desk.services.all')}</option>
            {categories.filter((name) => name !== '').map((name) => (
              <option key={name} value={name} selected={name === given.get('category')}>
                {name}
              </option>
            ))}
          </select>
        </Labelled>
        <Labelled id="by" label={texts.text('desk.services.reprice.by')}>
          <select id="by" name="by">
            {(['margin', 'change'] as const).map((way) => (
              <option key={way} value={way} selected={way === by}>
                {texts.text(`desk.services.reprice.${way}`)}
              </option>
            ))}
          </select>
        </Labelled>
        <Field name="percent" label={texts.text('desk.services.reprice.percent')} hint={texts.text('desk.services.reprice.percent.hint')} value={given.get('percent') ?? ''} required dir="ltr" />
        <Field name="step" label={texts.text('desk.services.reprice.step')} value={given.get('step') ?? '0.0001'} required inputMode="decimal" dir="ltr" />
        <PreviewButtons texts={texts} back={back} />
      </Form>
    ),
  }) // prettier-ignore
}

/** The form as the act takes it. */
export function repriceInput(fields: URLSearchParams): object {
  const text = (name: string) => (fields.get(name) ?? '').trim()
  const [services, category] = [text('services'), text('category')]
  const which = services !== '' ? { services: numbersIn(services) } : category !== '' ? { category } : { all: true }
  return { ...which, [text('by') === 'change' ? 'change' : 'margin']: text('percent'), step: text('step') }
}

/** What cannot be read stays a text, and the act says what is wrong with it. */
function numbersIn(text: string): unknown {
  try {
    return readIds(text)
  } catch {
    return text
  }
}
