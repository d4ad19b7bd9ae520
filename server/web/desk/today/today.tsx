import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'

export function todayPage(context: DeskContext): string {
  return deskPage(context, { title: context.ui.frame.texts.text('desk.place.today'), children: null })
}
