import { z } from 'zod'
import { formatUnits } from '../ledger/money.ts'
import { readLog } from '../staff/log.ts'
import { everyPermission, everyRole, roles } from '../staff/roles.ts'
import { rolesWithCode } from '../staff/roles-with-code.ts'
import { listStaffKeys } from '../staff/staff-keys.ts'
import { readStaffTable } from '../staff/staff-table.ts'
import { listTokens } from '../staff/tokens.ts'
import { amount, anyFields, big, count, moment, word, yesNo } from './columns.ts'
import { list, type List, nextOf, NO_FILTER, number, pageOf } from './list.ts'

/** Who works here, and what they did. */
export const staffLists: readonly List[] = [
  list({
    name: 'staff',
    does: 'who works here, how they sign in, and who has left',
    permission: 'staff.read',
    filters: NO_FILTER,
    row: z.object({
      staff: count(),
      email: word(),
      name: word(),
      role: z.enum(everyRole),
      locale: word().nullable(),
      state: z.enum(['in', 'invited', 'out', 'left']),
      code: yesNo(),
      sessions: count(),
      seen: moment().nullable(),
      created: moment(),
      ended: moment().nullable(),
    }),
    async read(db, _, page) {
      const staff = (await readStaffTable(db, page.now)).toSorted((a, b) => a.id - b.id)
      return pageOf(
        page,
        staff,
        (row) => row.id,
        ({ id, createdAt, endedAt, seenAt, ...row }) => ({ staff: id, ...row, seen: seenAt, created: createdAt, ended: endedAt }),
      )
    },
  }),
  list({
    name: 'roles',
    does: 'the roles, what each may do, and whether it demands a code at sign-in',
    permission: 'staff.read',
    filters: NO_FILTER,
    row: z.object({ role: z.enum(everyRole), may: z.array(z.enum(everyPermission)).readonly(), code_demanded: yesNo() }),
    async read(db) {
      const demanded = await rolesWithCode(db)
      return { rows: everyRole.map((role) => ({ role, may: roles[role], code_demanded: demanded.has(role) })), next: null }
    },
  }),
  list({
    name: 'staff-tokens',
    does: 'tokens of staff by their first characters',
    permission: 'staff.read',
    filters: NO_FILTER,
    row: z.object({
      token: count(),
      staff: count(),
      email: word(),
      prefix: word(),
      label: word(),
      created: moment(),
      expires: moment().nullable(),
      revoked: moment().nullable(),
    }),
    async read(db, _, page) {
      return pageOf(
        page,
        await listTokens(db),
        (row) => row.id,
        (row) => ({
          token: row.id,
          staff: row.staffId,
          email: row.email,
          prefix: row.prefix,
          label: row.label,
          created: row.createdAt,
          expires: row.expiresAt,
          revoked: row.revokedAt,
        }),
      )
    },
  }),
  list({
    name: 'staff-keys',
    does: 'keys of /adminapi/v2 by their first characters',
    permission: 'staff.read',
    filters: NO_FILTER,
    row: z.object({
      key: count(),
      prefix: word(),
      label: word(),
      suppliers: z.array(word()).readonly().nullable(),
      funds_a_day: amount().nullable(),
      tickets: z.boolean(),
      created: moment(),
      revoked: moment().nullable(),
    }),
    async read(db, _, page) {
      return pageOf(
        page,
        await listStaffKeys(db),
        (row) => row.id,
        (row) => ({
          key: row.id,
          prefix: row.prefix,
          label: row.label,
          suppliers: row.suppliers,
          funds_a_day: row.fundsADay === null ? null : formatUnits(row.fundsADay),
          tickets: row.tickets,
          created: row.createdAt,
          revoked: row.revokedAt,
        }),
      )
    },
  }),
  list({
    name: 'log',
    does: 'what staff did and what it changed, the newest first',
    permission: 'log.read',
    filters: z.object({
      staff: number.max(2_147_483_647).optional().describe('only what this member of staff did'),
      act: z.string().max(100).optional().describe('only acts of this name, like "account suspend"'),
      account: number.max(2_147_483_647).optional().describe('only what was done to this account'),
      order: number.optional().describe('only what was done to this order'),
      service: number.max(2_147_483_647).optional().describe('only what was done to this service'),
      supplier: number.max(2_147_483_647).optional().describe('only what was done to this supplier'),
    }),
    row: z.object({
      line: big(),
      at: moment(),
      staff: count().nullable(),
      who: word(),
      via: z.enum(['command', 'api', 'page']),
      act: word(),
      account: count().nullable(),
      order: big().nullable(),
      service: count().nullable(),
      supplier: count().nullable(),
      input: anyFields(),
      before: anyFields().nullable(),
      after: anyFields().nullable(),
      result: anyFields(),
    }),
    async read(db, { staff = null, act = null, account = null, order, service = null, supplier = null }, { cursor, most }) {
      const filter = { staff, act, account, order: order === undefined ? null : BigInt(order), service, supplier }
      const rows = await readLog(db, filter, { before: cursor, most })
      return { rows, next: nextOf(rows, most, (row) => row.line) }
    },
  }),
]
