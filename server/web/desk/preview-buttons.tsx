import type { Texts } from '../../texts/texts.ts'
import { Submit } from '../ui/parts.tsx'

/** The buttons of a form that changes nothing before its preview was seen. `back`: the page that it was opened from. */
export function PreviewButtons({ texts, back }: { readonly texts: Texts; readonly back: string }) {
  return (
    <div class="buttons">
      <Submit>{texts.text('desk.form.preview')}</Submit>
      <a class="button plain" href={back}>
        {texts.text('desk.form.back')}
      </a>
    </div>
  )
}
