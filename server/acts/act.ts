import type { z } from 'zod'
import type { Transaction } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import type { StaffActor } from '../staff/actor.ts'
import type { Subject } from '../staff/log.ts'
import type { Permission } from '../staff/roles.ts'
import type { House } from './house.ts'

/**
 * One change that staff can make. The command line, the operator API and the desk are all drawn from it, and `run-act.ts` is the only way to run one:
 * permission → run → line in the log, in one transaction. A preview is the act itself in a transaction that is rolled back, so it cannot tell
 * anything else than what would happen.
 */
export interface Act<Input extends z.ZodObject = z.ZodObject, Result extends object = object, Prepared = unknown> {
  /** The words of its command, like "account suspend"; its path in the API has dashes for the spaces. */
  readonly name: string
  /** What it does, in English, for the help of the command and the documentation of the API. */
  readonly does: string
  readonly permission: Permission
  /** The fields as JSON has them. `fields.ts` has the usual ones. */
  readonly input: Input
  /** Asks others, like a supplier, before the transaction begins. What it changes is undone by `afterwards`. */
  prepare?(house: House, input: z.output<Input>, mode: { readonly dryRun: boolean; readonly actor: StaffActor }): Promise<Prepared>
  /** Runs after the transaction, whether it was committed or not. */
  afterwards?(house: House, prepared: Prepared): Promise<void>
  /** Why a second person must agree; undefined: nobody needs to. Asked within the transaction, before `run`. */
  needsSecond?(context: ActContext, input: z.output<Input>): Promise<string | undefined>
  /** Makes the change. May run more than once, each time in a transaction of its own. */
  run(context: ActContext, input: z.output<Input>, prepared: Prepared): Promise<Done<Result>>
  /** The result as a sentence for people. */
  says(result: Result, input: z.output<Input>): string
  /** `says` tells a dry run as one, in more words than the fields that would change. */
  readonly tellsDryRun?: true
  /** It sets values that somebody else may have set meanwhile: whoever saw other values than those is asked again. */
  readonly overwrites?: true
  /** The change takes effect between two batches of orders, on every node: prices, rules and what is on sale. */
  readonly changesCatalogue?: true
  /** What the result tells once and nobody may read again: a key, a secret, a link. It is neither logged nor told when a request is repeated. */
  readonly secrets?: readonly (keyof Result & string)[]
}

/** What an act runs with. */
export interface ActContext {
  readonly tx: Transaction
  readonly now: Date
  readonly house: House
  readonly actor: StaffActor
  /** Everything is rolled back: nothing may be done that would outlive that. */
  readonly dryRun: boolean
}

/** What an act did. */
export interface Done<Result> {
  /** Answered to whoever asked, as JSON in snake_case. */
  readonly result: Result
  readonly subject?: Subject
  /** The values that changed, as they were; null: there was nothing. */
  readonly before?: object | null
  readonly after?: object | null
}

/** An act with the types of its own fields, for the file that declares it. */
export function act<Input extends z.ZodObject, Result extends object, Prepared = undefined>(
  declared: Act<Input, Result, Prepared>,
): Act<Input, Result, Prepared> {
  return declared
}

/** An act with this result, whatever its fields are. */
export type ActWith<Result extends object> = Omit<Act<z.ZodObject, Result>, 'secrets'> & { readonly secrets?: readonly string[] }
/** An act for lists of acts and whoever draws them, who know nothing of its own fields. */
export type AnyAct = ActWith<object>

/** Throws a Refusal unless the actor has this permission too: for a field that asks for more than its act. */
export function demand({ actor }: ActContext, name: string, permission: Permission): void {
  if (!actor.may.has(permission)) throw refuse('act_not_allowed', name, permission)
}

/** The fields that differ, before and after: for acts that change a few of many settings. Null: there was, or is, nothing. */
export function changed(before: object | null, after: object | null): { before: object | null; after: object | null } {
  if (before === null || after === null) return { before, after }
  const [old, fresh] = [new Map(Object.entries(before)), new Map(Object.entries(after))]
  const names = [...fresh.keys()].filter((name) => JSON.stringify(old.get(name)) !== JSON.stringify(fresh.get(name)))
  const pick = (from: ReadonlyMap<string, unknown>) => Object.fromEntries(names.map((name) => [name, from.get(name)]))
  return { before: pick(old), after: pick(fresh) }
}
