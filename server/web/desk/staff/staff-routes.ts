import { rolesWithCode } from '../../../staff/roles-with-code.ts'
import { listStaffSessions } from '../../../staff/sessions.ts'
import { listStaffKeys } from '../../../staff/staff-keys.ts'
import { readStaffRow, readStaffTable } from '../../../staff/staff-table.ts'
import { listTokens } from '../../../staff/tokens.ts'
import { refuse } from '../../../refusal.ts'
import type { Desk } from '../desk.ts'

/** Routes who works here, what roles may do, tokens and the keys of bots. */
export function routeStaff(desk: Desk) {
  desk.page('/staff', 'staff.read', async (context) => {
    const { db, now } = context
    const [staff, demanded, keys] = await Promise.all([readStaffTable(db, now), rolesWithCode(db), listStaffKeys(db)])
    const { staffPage } = await import('./staff.tsx')
    return context.send(staffPage(context, { staff, demanded, keys }))
  })
  desk.page('/staff/:staff', 'staff.read', async (context) => {
    const { db, now, params } = context
    const id = /^\d{1,9}$/.test(params['staff']!) ? Number(params['staff']) : 0
    const person = await readStaffRow(db, id, now)
    if (!person) throw refuse('unknown_staff', id)
    const [sessions, tokens] = await Promise.all([listStaffSessions(db, id, now), listTokens(db)])
    const { personPage } = await import('./person.tsx')
    return context.send(personPage(context, { person, sessions, tokens: tokens.filter(({ staffId }) => staffId === id) }))
  })
}
