import { z } from 'zod'
import { takeEffectBetweenBatches } from '../catalog/catalogue.ts'
import { type Transaction, transaction } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import type { StaffActor } from '../staff/actor.ts'
import { askForSecond } from '../staff/approvals.ts'
import { earlierRequest, writeLine } from '../staff/log.ts'
import { plainJson } from '../text.ts'
import type { ActContext, ActWith, AnyAct, Done } from './act.ts'
import { toldOf } from './fields.ts'
import type { House } from './house.ts'

export interface Asked {
  /** The fields as JSON; they are checked here. */
  readonly input: unknown
  /** Tells what would happen, and changes nothing. */
  readonly dryRun?: boolean
  /** The caller's own name for this request: a request with the same name is done once, and answered with what it did. */
  readonly requestKey?: string | undefined
  /** The values that would change, as the caller saw them in a dry run: an act that overwrites is refused when they are others by now. */
  readonly saw?: object | null
  /** More to note in the transaction of the act. */
  readonly within?: (tx: Transaction, answer: Answer) => Promise<void>
}

export interface Answer<Result extends object = object> {
  /** Without its secrets when the request was repeated; `approval` and `why` instead, when it waits for a second person. */
  readonly result: Result
  /** The result as a sentence. */
  readonly says: string
  readonly before: object | null
  readonly after: object | null
  /** The number of its line in the log; null: it was a dry run. */
  readonly line: bigint | null
  /** It had been done before, under the same name: nothing was changed now, and secrets are not told again. */
  readonly repeated: boolean
}

/** Runs an act: permission → run → line in the log, all in one transaction. Throws a Refusal, which has changed nothing. */
export async function runAct<Result extends object>(
  house: House,
  actor: StaffActor,
  act: ActWith<Result>,
  asked: Asked,
): Promise<Answer<Result>> {
  if (!actor.may.has(act.permission)) throw refuse('act_not_allowed', act.name, act.permission)
  const input = checkInput(act, asked.input)
  const requested = JSON.stringify(withoutSecrets(act.input, asked.input as object))
  const key = asked.dryRun ? undefined : asked.requestKey
  const repeated = async (tx: Transaction) => (key === undefined ? undefined : repeatedRequest<Result>(tx, actor, act, requested, key))
  // Looked up here too, so that a repeated request asks no supplier again.
  const done = key === undefined ? undefined : await transaction(house.db, repeated)
  if (done) return done
  const dryRun = asked.dryRun === true
  const prepared = await act.prepare?.(house, input, { dryRun, actor })
  const work = async (tx: Transaction): Promise<Answer<Result>> => {
    const doneMeanwhile = await repeated(tx)
    if (doneMeanwhile) return doneMeanwhile
    // One after another, so that each reads what the one before has written.
    if (act.overwrites) await tx.query(LOCK_OVERWRITES)
    const now = house.now()
    const context = { tx, now, house, actor, dryRun }
    const why = await act.needsSecond?.(context, input)
    const done = why === undefined ? await act.run(context, input, prepared) : await keepForSecond<Result>(context, act, requested, why)
    if (act.overwrites && asked.saw !== undefined && json(done.before) !== json(asked.saw)) throw refuse('changed_meanwhile')
    const says = why === undefined ? act.says(done.result, input) : `It waits for a second person: ${why}`
    const answer = { result: done.result, says, before: done.before ?? null, after: done.after ?? null, repeated: false }
    if (dryRun) throw new DryRun({ ...answer, ...withoutMadeUpSecrets(act, done.result), line: null })
    // Before the lock of the log: batches hold this one while they wait for books that another act may have locked.
    if (act.changesCatalogue) await takeEffectBetweenBatches(tx)
    const line = await writeLine(tx, {
      at: now,
      actor,
      act: act.name,
      subject: done.subject ?? {},
      input: requested,
      before: json(done.before),
      after: json(done.after),
      result: json(omit(done.result, act.secrets ?? []))!,
      requestKey: key ?? null,
    })
    await asked.within?.(tx, { ...answer, line })
    return { ...answer, line }
  }
  try {
    return await transaction(house.db, work)
  } catch (error) {
    if (error instanceof DryRun) return error.answer as Answer<Result>
    throw error
  } finally {
    await act.afterwards?.(house, prepared)
  }
}

const LOCK_OVERWRITES = 'select pg_advisory_xact_lock(7310)'

/** Keeps an act that one person may not do alone. Its result tells the number under which it waits. */
async function keepForSecond<Result extends object>(
  { tx, now, actor }: ActContext,
  act: AnyAct,
  requested: string,
  why: string,
): Promise<Done<Result>> {
  const approval = await askForSecond(tx, { act: act.name, input: requested, staffId: actor.staffId!, why }, now)
  return { result: { approval, why } as object as Result, after: { approval, why } }
}

/** Ends the transaction of a dry run, which rolls everything back. */
class DryRun extends Error {
  readonly answer: Answer
  constructor(answer: Answer) {
    super('dry run')
    this.answer = answer
  }
}

/** A dry run makes keys and links that nobody can use. */
function withoutMadeUpSecrets({ secrets = [] }: AnyAct, result: object): Partial<Answer> {
  const hasSecrets = secrets.some((name) => name in result)
  return hasSecrets ? { result: omit(result, secrets), says: 'It would be done, and its secret be shown once' } : {}
}

/** Throws a Refusal that names the first wrong field. */
export function checkInput(act: AnyAct, given: unknown): Record<string, unknown> {
  const parsed = z.strictObject(act.input.shape).safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  if (issue?.code === 'unrecognized_keys') throw refuse('unknown_field', issue.keys[0]!)
  const field = issue?.path.join('.') ?? ''
  if (field === '') throw refuse('no_json_object')
  throw refuse('incorrect_act_field', field, issue!.message)
}

async function repeatedRequest<Result extends object>(
  tx: Transaction,
  actor: StaffActor,
  act: AnyAct,
  requested: string,
  requestKey: string,
): Promise<Answer<Result> | undefined> {
  const earlier = await earlierRequest(tx, actor.staffId, requestKey)
  if (!earlier) return undefined
  if (earlier.act !== act.name || earlier.input !== requested) throw refuse('request_key_used', requestKey)
  const result = JSON.parse(earlier.result) as Result
  return {
    result,
    says: `This was done before, as line ${earlier.line} of the log`,
    before: null,
    after: null,
    line: earlier.line,
    repeated: true,
  }
}

/** The fields as they were given, but for those that nobody may read again. */
function withoutSecrets(schema: z.ZodObject, given: object): object {
  const secret = Object.entries(schema.shape).flatMap(([name, field]) => (toldOf(field as z.ZodType).secret ? [name] : []))
  return omit(given, secret)
}

function omit(from: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name)))
}

function json(value: object | null | undefined): string | null {
  return value ? plainJson(value) : null
}
