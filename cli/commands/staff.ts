import type { Command } from 'commander'
import { roleDemandCode } from '../../server/acts/role-demand-code.ts'
import { staffAdd } from '../../server/acts/staff-add.ts'
import { staffEnd } from '../../server/acts/staff-end.ts'
import { staffInvite } from '../../server/acts/staff-invite.ts'
import { staffRemoveCodes } from '../../server/acts/staff-remove-codes.ts'
import { staffRescue } from '../../server/acts/staff-rescue.ts'
import { staffSet } from '../../server/acts/staff-set.ts'
import { staffSignOut } from '../../server/acts/staff-sign-out.ts'
import { staffTokenAdd } from '../../server/acts/staff-token-add.ts'
import { staffTokenRevoke } from '../../server/acts/staff-token-revoke.ts'
import { readStaffTable } from '../../server/staff/staff-table.ts'
import { listTokens } from '../../server/staff/tokens.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { type Json, print, table } from '../output.ts'

/** Commands for the people who work here and the tokens of their programs. */
export function addStaffCommands(program: Command) {
  const staff = program
    .command('staff')
    .description('people who work here, and what they may do: add, list, invite, change, sign out, end, rescue')
  addAct(staff, staffAdd)
  addList(staff)
  for (const act of [staffInvite, staffSet, staffSignOut, staffRemoveCodes, staffEnd, staffRescue]) addAct(staff, act)

  const role = program.command('role').description('what roles ask of their people: demand-code')
  addAct(role, roleDemandCode)

  const token = program.command('staff-token').description('tokens for programs of staff (/operator/v1): add, list, revoke')
  addAct(token, staffTokenAdd)
  addTokenList(token)
  addAct(token, staffTokenRevoke)
}

const stateWords = { in: 'has a password', invited: 'invited', out: 'not invited', left: 'left' } as const

function addList(staff: Command) {
  staff
    .command('list')
    .description('all staff, also those who have left')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const shown = (await readStaffTable(db, new Date())).map(({ id, email, name, role, state, code, seenAt, createdAt, endedAt }) => ({
          staff: id,
          email,
          name,
          role,
          state,
          code,
          seen: seenAt,
          created: createdAt,
          ended: endedAt,
        }))
        const rows = shown.map((row) => [
          String(row.staff),
          row.email,
          row.name,
          row.role,
          row.ended ? `left ${row.ended.toISOString().slice(0, 10)}` : stateWords[row.state],
          row.code ? 'code' : '',
        ])
        const nobody = 'Nobody yet: docket staff add --email you@example.com --name "Your name" --role owner'
        print(options.json, shown, rows.length ? table(['staff', 'email', 'name', 'role', '', ''], rows) : nobody)
      }),
    )
}

function addTokenList(token: Command) {
  token
    .command('list')
    .description('all tokens by their first characters; the tokens themselves are not stored')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const shown = (await listTokens(db)).map((row) => ({
          id: row.id,
          staff: row.staffId,
          email: row.email,
          prefix: row.prefix,
          label: row.label,
          created: row.createdAt,
          expires: row.expiresAt,
          revoked: row.revokedAt,
        }))
        const rows = shown.map((row) => [
          String(row.id),
          `${row.prefix}…`,
          row.email,
          row.label,
          row.revoked ? `revoked ${row.revoked.toISOString()}` : row.expires ? `until ${row.expires.toISOString()}` : '',
        ])
        const none = 'No token yet: docket staff-token add --staff N'
        print(options.json, shown, rows.length ? table(['id', 'token', 'whose', 'label', ''], rows) : none)
      }),
    )
}
