import { isRefusal, type RefusalCode } from '../../../refusal.ts'
import type { Texts } from '../../../texts/texts.ts'
import type { Faults } from '../../ui/page-ui.ts'
import { pictureFault } from '../../ui/picture-fault.ts'

type FaultOf = (texts: Texts, value: unknown) => Faults

const most = (value: unknown) => ({ most: value as number })

/** Each refusal that is about what the customer wrote, pictures aside, at its field. The value is the refusal's first. */
const FAULTS: { readonly [code in RefusalCode]?: FaultOf } = {
  ticket_needs_text: (texts) => ({ text: texts.text('tickets.fault.text') }),
  ticket_text_too_long: (texts, value) => ({ text: texts.text('tickets.fault.tooLong', most(value)) }),
  ticket_subject_too_long: (texts, value) => ({ subject: texts.text('tickets.fault.tooLong', most(value)) }),
  ticket_has_too_many_orders: (texts, value) => ({ orders: texts.text('tickets.fault.tooManyOrders', most(value)) }),
  order_of_nobody: (texts, value) => ({ orders: texts.text('tickets.fault.notYours', { order: String(value) }) }),
  too_many_tickets: (texts) => ({ form: texts.text('tickets.fault.tooMany') }),
  too_many_ticket_messages: (texts) => ({ form: texts.text('tickets.fault.tooManyMessages') }),
}

/** What is wrong with a message or a new ticket, at the field that it is about. Throws any other error again. */
export function ticketFaults(texts: Texts, error: unknown): Faults {
  const picture = pictureFault(texts, error)
  if (picture !== undefined) return { pictures: picture }
  if (isRefusal(error)) {
    const faultOf = FAULTS[error.code]
    if (faultOf) return faultOf(texts, error.values[0])
  }
  throw error
}
