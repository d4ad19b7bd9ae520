import { type Queryable, violatedConstraint } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { normalisePattern } from './normalise.ts'
import { type HouseRule, houseRules } from './rules.ts'

export interface NewRule {
  readonly kind: HouseRule['kind']
  readonly pattern: string
  /** For staff: customers do not see it. */
  readonly reason: string
  readonly by: string
}

const ADD = 'insert into house_rules (kind, pattern, reason, added_by, added_at) values ($1, $2, $3, $4, $5) returning id'

/** Adds a rule. Call it within `changeCatalogue`, which commits between two batches of orders. Answers the pattern in its normal form. */
export async function addRule(tx: Queryable, rule: NewRule, now: Date): Promise<{ rule: number; pattern: string }> {
  const pattern = normalisePattern(rule.kind, rule.pattern)
  if (rule.reason.trim() === '') throw refuse('no_reason')
  // Tries the rule once here: a rule that cannot be applied must not reach the nodes.
  houseRules([{ id: 0, kind: rule.kind, pattern, reason: rule.reason }]).forbidding({
    link: 'https://example.com/',
    parameters: { comments: 'a' },
  })
  try {
    const { rows } = await tx.query<{ id: number }>(ADD, [rule.kind, pattern, rule.reason.trim(), rule.by, now])
    return { rule: rows[0]!.id, pattern }
  } catch (error) {
    if (violatedConstraint(error) !== 'one_rule_a_pattern') throw error
    throw refuse('rule_exists', rule.kind, pattern)
  }
}

const REMOVE = 'update house_rules set removed_by = $2, removed_at = $3 where id = $1 and removed_at is null'

/** Removes a rule, also within `changeCatalogue`. It stays in the history. */
export async function removeRule(tx: Queryable, id: number, by: string, now: Date): Promise<void> {
  const { rowCount } = await tx.query(REMOVE, [id, by, now])
  if (rowCount === 0) throw refuse('unknown_rule', id)
}

export interface ListedRule extends HouseRule {
  readonly addedBy: string
  readonly addedAt: Date
  readonly removedBy: string | null
  readonly removedAt: Date | null
  /** How many orders it has refused, and of how many accounts. */
  readonly refused: bigint
  readonly accounts: number
  readonly lastAt: Date | null
  readonly lastLink: string | null
}

const LIST = `
  select r.id, r.kind, r.pattern, r.reason, r.added_by as "addedBy", r.added_at as "addedAt", r.removed_by as "removedBy",
    r.removed_at as "removedAt", coalesce(sum(o.times), 0)::bigint as refused, count(distinct o.account_id)::int as accounts,
    max(o.last_at) as "lastAt", (array_agg(o.last_link order by o.last_at desc))[1] as "lastLink"
  from house_rules r left join refused_orders o on o.rule_id = r.id
  where $1 or r.removed_at is null group by r.id order by r.id`

/** The rules with their counts of refused orders; removed ones too when asked for. */
export async function listRules(db: Queryable, lifted: boolean): Promise<ListedRule[]> {
  return (await db.query<ListedRule>(LIST, [lifted])).rows
}
