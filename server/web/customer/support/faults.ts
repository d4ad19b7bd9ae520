import { LARGEST_PICTURE } from '../../../payments/pictures.ts'
import { isRefusal } from '../../../refusal.ts'
import type { Texts } from '../../../texts/texts.ts'
import type { Faults } from '../../ui/page-ui.ts'

/** What is wrong with a message or a new ticket, at the field that it is about. Throws any other error again. */
export function ticketFaults(texts: Texts, error: unknown): Faults {
  if (!isRefusal(error)) throw error
  switch (error.code) {
    case 'ticket_needs_text':
      return { text: texts.text('tickets.fault.text') }
    case 'ticket_text_too_long':
    case 'ticket_subject_too_long': {
      const fault = texts.text('tickets.fault.tooLong', { most: (error.values as readonly number[])[0]! })
      return { [error.code === 'ticket_text_too_long' ? 'text' : 'subject']: fault }
    }
    case 'ticket_has_too_many_orders':
      return { orders: texts.text('tickets.fault.tooManyOrders', { most: (error.values as readonly number[])[0]! }) }
    case 'order_of_nobody':
      return { orders: texts.text('tickets.fault.notYours', { order: String(error.values[0]) }) }
    case 'too_many_tickets':
      return { form: texts.text('tickets.fault.tooMany') }
    case 'too_many_ticket_messages':
      return { form: texts.text('tickets.fault.tooManyMessages') }
    case 'too_many_pictures':
      return { pictures: texts.text('tickets.fault.tooManyPictures', { most: (error.values as readonly number[])[0]! }) }
    case 'picture_too_large':
    case 'picture_has_too_many_pixels':
      return { pictures: texts.text('payments.proof.tooLarge', { megabytes: LARGEST_PICTURE / 1024 / 1024 }) }
    case 'picture_unreadable':
      return { pictures: texts.text('payments.proof.unreadable') }
    case 'pictures_busy':
      return { pictures: texts.text('payments.proof.busy') }
    default:
      throw error
  }
}
