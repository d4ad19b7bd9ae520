import type { Refusal } from '../../refusal.ts'
import { Empty } from '../ui/notice.tsx'
import { refusalText } from './act-words.ts'
import { DESK, type DeskContext } from './desk.ts'
import { deskPage } from './desk-page.tsx'

/** Sent in place of a page that the reader may not see, or that is about nothing there is. */
export function refusedPage(context: DeskContext, refusal: Refusal): string {
  const { texts } = context.ui.frame
  const title = texts.text(refusal.code === 'act_not_allowed' ? 'desk.refused.notAllowed' : 'desk.refused.title')
  return deskPage(context, {
    title,
    isBare: true,
    children: (
      <Empty title={title} text={refusalText(texts, refusal)}>
        <a class="button main" href={DESK}>
          {texts.text('desk.place.today')}
        </a>
      </Empty>
    ),
  })
}
