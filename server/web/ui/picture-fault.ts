import { LARGEST_PICTURE } from '../../payments/pictures.ts'
import { isRefusal } from '../../refusal.ts'
import { MOST_PICTURES } from '../../support/kinds.ts'
import type { Texts } from '../../texts/texts.ts'

/** What is wrong with pictures that were sent; undefined: the error is about something else. */
export function pictureFault(texts: Texts, error: unknown): string | undefined {
  if (!isRefusal(error, 'picture_too_large', 'picture_has_too_many_pixels', 'picture_unreadable', 'pictures_busy', 'too_many_pictures'))
    return undefined
  switch (error.code) {
    case 'picture_too_large':
    case 'picture_has_too_many_pixels':
      return texts.text('payments.proof.tooLarge', { megabytes: LARGEST_PICTURE / 1024 / 1024 })
    case 'picture_unreadable':
      return texts.text('payments.proof.unreadable')
    case 'pictures_busy':
      return texts.text('payments.proof.busy')
    case 'too_many_pictures':
      return texts.text('tickets.fault.tooManyPictures', { most: MOST_PICTURES })
    default:
      return error.code satisfies never
  }
}
