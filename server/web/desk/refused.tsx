import type { Refusal } from '../../refusal.ts'
import { Empty } from '../ui/notice.tsx'
import { refusalText } from './act-words.ts'
import { DESK, type DeskContext } from './desk.ts'
import { deskPage } from './desk-page.tsx'

/** Sent in place of a page that the reader may not see, or that is about nothing there is. */
export function refusedPage(context: DeskContext, refusal: Refusal): string {
  const { texts } = context.ui.frame
  const title = texts.text(titleOf(refusal))
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

const NOT_FOUND = 404

function titleOf({ code, staffNumber }: Refusal) {
  if (code === 'act_not_allowed') return 'desk.refused.notAllowed'
  return staffNumber === NOT_FOUND ? 'site.missing.title' : 'desk.refused.title'
}
