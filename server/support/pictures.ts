import { redrawn } from '../payments/pictures.ts'
import { refuse } from '../refusal.ts'
import { MOST_PICTURES } from './kinds.ts'

/** Draws the pictures of a message anew, one after another, before its transaction begins. Throws a Refusal for whatever is no picture. */
export async function redrawnAll(pictures: readonly Buffer[]): Promise<Buffer[]> {
  if (pictures.length > MOST_PICTURES) throw refuse('too_many_pictures', MOST_PICTURES)
  const drawn: Buffer[] = []
  for (const picture of pictures) drawn.push(await redrawn(picture))
  return drawn
}
