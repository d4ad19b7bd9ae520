import { LARGEST_PICTURE } from '../../payments/pictures.ts'
import { MOST_PICTURES } from '../../support/kinds.ts'
import type { Texts } from '../../texts/texts.ts'
import { describedBy, Labelled } from './labelled.tsx'

interface PicturesFieldProps {
  readonly texts: Texts
  /** Said below it: how many and how large they may be, and who sees them. */
  readonly hint?: string
  readonly fault: string | undefined
}

/** How many and how large pictures may be, and that nobody else sees them. */
export function picturesHint(texts: Texts): string {
  return texts.text('tickets.pictures.hint', { most: MOST_PICTURES, megabytes: LARGEST_PICTURE / 1024 / 1024 })
}

/** Pictures that go with a message. */
export function PicturesField({ texts, hint, fault }: PicturesFieldProps) {
  const about = { id: 'pictures', label: texts.text('tickets.pictures'), hint, fault }
  return (
    <Labelled {...about}>
      <input type="file" id="pictures" name="pictures" multiple accept="image/png,image/jpeg,image/webp" {...describedBy(about)} />
    </Labelled>
  )
}
