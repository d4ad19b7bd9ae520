import { countTroubles, troubleKindsFor } from '../../../reports/attention.ts'
import { readOwed } from '../../../ledger/owed.ts'
import { readCountedAt, readHours } from '../../../reports/read.ts'
import type { Desk, DeskContext } from '../desk.ts'
import { beginOf, todayFigures } from './today-figures.ts'

/** More troubles of a kind than this are told as "more than". */
const MOST_COUNTED = 100

export function routeToday(desk: Desk) {
  for (const path of ['/', '/today']) desk.page(path, null, showToday)
}

async function showToday(context: DeskContext) {
  const { db, now, staff, query } = context
  const { todayPage } = await import('./today.tsx')
  const seesAttention = staff.may.has('alerts.read')
  const troubles = seesAttention ? await countTroubles(db, troubleKindsFor(staff.may), MOST_COUNTED, now) : undefined
  if (!staff.may.has('money.read')) return context.send(todayPage(context, { troubles, money: undefined }))
  const [hours, owed, countedAt] = [await readHours(db, beginOf(now), new Date(now.getTime() + 3_600_000)), await readOwed(db), await readCountedAt(db)] // prettier-ignore
  const figures = todayFigures(hours, query.get('currency'), now)
  return context.send(todayPage(context, { troubles, money: { figures, owed, countedAt } }))
}
