import { type Queryable, violatedConstraint } from '../db/pool.ts'
import { refuse } from '../refusal.ts'

/** Accounts that pay alike. */
export interface Group {
  readonly id: number
  readonly name: string
  readonly discountBasisPoints: number
}

const GROUPS = `
  select id, name, discount_basis_points as "discountBasisPoints" from account_groups
  where id > $1 and ($2::int is null or id = $2) order by id limit $3`

export async function listGroups(db: Queryable, after: number, most: number): Promise<Group[]> {
  return (await db.query<Group>({ name: 'groups', text: GROUPS, values: [after, null, most] })).rows
}

/** Throws a Refusal when there is no such group. */
export async function findGroup(db: Queryable, id: number): Promise<Group> {
  const { rows } = await db.query<Group>({ name: 'groups', text: GROUPS, values: [0, id, 1] })
  if (!rows[0]) throw refuse('unknown_group', id)
  return rows[0]
}

const ADD = 'insert into account_groups (name, discount_basis_points, created_at) values ($1, $2, $3) returning id'

export async function addGroup(tx: Queryable, group: { name: string; discountBasisPoints: number }, now: Date): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(ADD, [group.name, group.discountBasisPoints, now]).catch((error: unknown) => {
    throw nameTaken(error, group.name)
  })
  return rows[0]!.id
}

const SET = 'update account_groups set name = coalesce($2, name), discount_basis_points = coalesce($3, discount_basis_points) where id = $1'

export async function setGroup(
  tx: Queryable,
  id: number,
  change: { name?: string | undefined; discountBasisPoints?: number | undefined },
): Promise<void> {
  await tx.query(SET, [id, change.name ?? null, change.discountBasisPoints ?? null]).catch((error: unknown) => {
    throw nameTaken(error, change.name ?? '')
  })
}

function nameTaken(error: unknown, name: string): unknown {
  return violatedConstraint(error) === 'account_groups_by_name' ? refuse('group_name_taken', name) : error
}

const LEAVE = 'update accounts set group_id = null where group_id = $1'
const REMOVE = 'delete from account_groups where id = $1'

/** Removes a group without rates. Its accounts have no group afterwards. */
export async function removeGroup(tx: Queryable, id: number): Promise<number> {
  const { rowCount } = await tx.query(LEAVE, [id])
  await tx.query(REMOVE, [id])
  return rowCount ?? 0
}

const HOLD_ACCOUNTS = 'select id, group_id as "group" from accounts where id = any($1::int[]) order by id for no key update'
const MOVE = 'update accounts set group_id = $2 where id = any($1::int[]) and group_id is distinct from $2'

/** Moves accounts into a group, or out of any (null). Answers the group that each had. Throws a Refusal that names an account that is not there. */
export async function moveAccounts(tx: Queryable, accounts: readonly number[], group: number | null): Promise<Map<number, number | null>> {
  const { rows } = await tx.query<{ id: number; group: number | null }>(HOLD_ACCOUNTS, [accounts])
  const had = new Map(rows.map((row) => [row.id, row.group]))
  const missing = accounts.find((id) => !had.has(id))
  if (missing !== undefined) throw refuse('unknown_account', missing)
  await tx.query(MOVE, [accounts, group])
  return had
}

const MEMBERS = 'select id, email from accounts where group_id = $1 and id > $2 order by id limit $3'

export async function listMembers(db: Queryable, group: number, after: number, most: number): Promise<{ id: number; email: string }[]> {
  return (await db.query<{ id: number; email: string }>({ name: 'accounts of a group', text: MEMBERS, values: [group, after, most] })).rows
}
