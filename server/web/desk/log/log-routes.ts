import { type LogFilter, readLine, readLog, type VerifiedSoFar, verifyLog } from '../../../staff/log.ts'
import { readStaffTable } from '../../../staff/staff-table.ts'
import { refuse } from '../../../refusal.ts'
import { field } from '../../form-faults.ts'
import type { Desk, DeskContext } from '../desk.ts'

const MOST = 50
/** How long one request checks lines; the page goes on from there. */
const CHECK_MS = 8000

/** Routes the log of what staff did. */
export function routeLog(desk: Desk) {
  desk.page('/log', 'log.read', async (context) => {
    const { db, now, query, staff } = context
    const filter = filterIn(query)
    const lines = await readLog(db, filter, { before: numberIn(query, 'before'), most: MOST + 1 })
    const people = staff.may.has('staff.read') ? await readStaffTable(db, now) : []
    const { logPage } = await import('./log.tsx')
    const older = lines.length > MOST ? lines[MOST - 1]!.line : null
    return context.send(logPage(context, { lines: lines.slice(0, MOST), filter, people, older }))
  })
  desk.page('/log/:line', 'log.read', async (context) => {
    const { db, params } = context
    const number = /^\d{1,15}$/.test(params['line']!) ? BigInt(params['line']!) : 0n
    const line = await readLine(db, number)
    if (!line) throw refuse('unknown_log_line', number)
    const { linePage } = await import('./line.tsx')
    return context.send(linePage(context, line))
  })
  desk.form('/log/check', 'log.read', async (context) => {
    const end = performance.now() + CHECK_MS
    const verified = await verifyLog(context.db, { from: checkedSoFar(context), mayGoOn: () => performance.now() < end })
    const { checkedPage } = await import('./checked.tsx')
    return context.send(checkedPage(context, verified))
  })
}

function filterIn(query: URLSearchParams): LogFilter {
  const small = (name: string) => {
    const number = numberIn(query, name)
    return number === null || number > 2_147_483_647n ? null : Number(number)
  }
  const act = query.get('act')
  return {
    staff: small('staff'),
    act: act === null || act === '' || act.length > 100 ? null : act,
    account: small('account'),
    order: numberIn(query, 'order'),
    service: small('service'),
    supplier: small('supplier'),
  }
}

function numberIn(query: URLSearchParams, name: string): bigint | null {
  const text = query.get(name)?.trim() ?? ''
  return /^\d{1,15}$/.test(text) ? BigInt(text) : null
}

/** Where the check before this one stopped, as its page holds it. */
function checkedSoFar({ request }: DeskContext): VerifiedSoFar | undefined {
  const [lines, hash] = [field(request, 'lines'), field(request, 'hash')]
  return /^\d{1,15}$/.test(lines) && /^[0-9a-f]{64}$/.test(hash) ? { lines: BigInt(lines), hash } : undefined
}
