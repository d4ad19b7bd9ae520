import { LARGEST_PICTURE } from '../../../payments/pictures.ts'
import type { Texts } from '../../../texts/texts.ts'
import { describedBy, Labelled } from '../../ui/labelled.tsx'

interface PicturesFieldProps {
  readonly texts: Texts
  readonly most: number
  readonly fault: string | undefined
}

/** Pictures that go with a message. */
export function PicturesField({ texts, most, fault }: PicturesFieldProps) {
  const hint = texts.text('tickets.pictures.hint', { most, megabytes: LARGEST_PICTURE / 1024 / 1024 })
  const about = { id: 'pictures', label: texts.text('tickets.pictures'), hint, fault }
  return (
    <Labelled {...about}>
      <input type="file" id="pictures" name="pictures" multiple accept="image/png,image/jpeg,image/webp" {...describedBy(about)} />
    </Labelled>
  )
}
