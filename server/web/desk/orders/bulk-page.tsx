import { Notice } from '../../ui/notice.tsx'
import { Form, FormFault, Submit } from '../../ui/parts.tsx'
import type { Faults } from '../../ui/page-ui.ts'
import { ActFields, type Given } from '../act-fields.tsx'
import { actTitle } from '../act-words.ts'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { addressOf, hrefOf, ORDERS } from './asked.ts'
import { type Chosen, MOST_MATCHING } from './bulk-routes.ts'

interface BulkProps {
  readonly chosen: Chosen
  readonly given: Given
  readonly faults: Faults
  /** The trial is made once under this name, however often the button is pressed. */
  readonly once: string
}

/** What is done to many orders: the fields of the act, and which orders. Sending it tries the act, and changes nothing. */
export function bulkPage(context: DeskContext, { chosen, given, faults, once }: BulkProps): string {
  const { ui } = context
  const { texts } = ui.frame
  const { act, each, ids, matching } = chosen
  const isNobody = matching === null && ids.length === 0
  const back = matching === null ? ORDERS : hrefOf(matching)
  return deskPage(context, {
    title: texts.text('desk.orders.bulk.title', { act: actTitle(texts, act.name) }),
    lead:
      matching === null
        ? texts.text('desk.orders.bulk.these', { count: ids.length })
        : texts.text('desk.orders.bulk.allMatching', { most: MOST_MATCHING }),
    children: isNobody ? (
      <>
        <Notice mood="warn">{texts.text('desk.orders.selectSome')}</Notice>
        <a class="button plain" href={back}>
          {texts.text('desk.form.back')}
        </a>
      </>
    ) : (
      <Form ui={ui} action={`${ORDERS}/bulk`}>
        <FormFault faults={faults} />
        <input type="hidden" name="act" value={act.name} />
        <input type="hidden" name="form:once" value={once} />
        {matching === null ? (
          <>
            <input type="hidden" name="orders" value={ids.join(',')} />
            <p class="bulk-ids">
              <bdi dir="ltr">{ids.join(', ')}</bdi>
            </p>
          </>
        ) : (
          <input type="hidden" name="matching" value={addressOf(matching)} />
        )}
        <ActFields texts={texts} act={each} given={given} faults={faults} fixed={new Set()} />
        <p class="soft">{texts.text('desk.orders.bulk.first')}</p>
        <div class="buttons">
          <Submit>{texts.text('desk.orders.bulk.try')}</Submit>
          <a class="button plain" href={back}>
            {texts.text('desk.form.back')}
          </a>
        </div>
      </Form>
    ),
  })
}
