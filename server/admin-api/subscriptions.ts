import { z } from 'zod'
import { transaction } from '../db/pool.ts'
import { feedPosts } from '../orders/subscriptions.ts'
import { refuse } from '../refusal.ts'
import { type Handler, noteAction } from './context.ts'
import { MOST_AT_ONCE, shown } from './input.ts'

const LONGEST_LINK = 2048
const post = z
  .string()
  .trim()
  .min(1)
  .max(LONGEST_LINK)
  .regex(/^https?:\/\/[^\s\p{Cc}]+$/iu)
const SUPPLIER = `select 1 from orders where id = $1 and kind = 'subscription' and ($2::int[] is null or supplier_id = any($2))`

/**
 * `POST /subscriptions/{id}/posts`: adds posts that somebody has found; each is ordered after the subscription's delay. Ours: `posts`, a list of
 * addresses. Answers how many were `taken`, how many were known already or had no room (`passed_over`), and `errors` for texts that are not
 * addresses.
 */
export const addPosts: Handler = async (context, { staff, input, id }) => {
  const elements = input['posts'] === undefined ? [] : Array.isArray(input['posts']) ? (input['posts'] as unknown[]) : [input['posts']]
  if (elements.length === 0) throw refuse('field_required', 'posts')
  if (elements.length > MOST_AT_ONCE) throw refuse('too_many_at_once', MOST_AT_ONCE)
  const parsed = elements.map((element) => ({ element, result: post.safeParse(element) }))
  const posts = [...new Set(parsed.flatMap(({ result }) => (result.success ? [result.data] : [])))]
  const errors = parsed.flatMap(({ element, result }) =>
    result.success ? [] : [{ post: shown(element), message: 'Incorrect link', error_code: 400 }],
  )
  const { rowCount } = await context.db.query(SUPPLIER, [id!, staff.restrictedTo])
  if (rowCount === 0) throw refuse('unknown_subscription')
  const now = context.now()
  const { taken, passedOver } = await transaction(context.db, async (tx) => {
    const found = await feedPosts(tx, id!, posts, now)
    const touched = found.taken > 0 ? [{ orderId: id!, asked: { taken: found.taken, posts } }] : []
    await noteAction(tx, staff, { action: 'subscriptions/posts', touched, details: { taken: found.taken, posts } }, now)
    return found
  })
  return { taken, passed_over: passedOver, errors }
}
