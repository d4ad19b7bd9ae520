import os from 'node:os'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { z } from 'zod'
import type { AnyAct } from '../server/acts/act.ts'
import { isRepeated, unwrapped, valueOf } from '../server/acts/field-text.ts'
import { type OnCommandLine, toldOf } from '../server/acts/fields.ts'
import { type Answer, runAct } from '../server/acts/run-act.ts'
import { machineUser } from '../server/staff/actor.ts'
import { changeWords } from './change-words.ts'
import { withHouse } from './house.ts'
import { print } from './output.ts'

interface Field {
  readonly name: string
  readonly schema: z.ZodType
  readonly told: OnCommandLine
}

/** What a command does beside running its act. */
export interface Beside {
  /** Changes the fields before the act sees them, like a key that is read from standard input. */
  readonly amend?: (input: Record<string, unknown>) => Promise<Record<string, unknown>>
  /** Options that stand for an argument, by the name of its field. */
  readonly optionsFor?: Readonly<Record<string, string>>
  /** Something else that the command does with these options, like showing what there is when nothing is to be changed. */
  readonly instead?: (input: Readonly<Record<string, unknown>>, json: boolean) => (() => Promise<void>) | undefined
  /** Runs with the answer; may set the exit code. */
  readonly after?: (answer: Answer) => void
}

/** Adds the command of an act below `parent`: its arguments and options are the act's fields. */
export function addAct(parent: Command, act: AnyAct, beside: Beside = {}): void {
  const command = parent.command(act.name.split(' ').at(-1)!).description(act.does)
  const fields = Object.entries(act.input.shape).map(([name, schema]): Field => {
    return { name, schema: schema as z.ZodType, told: toldOf(schema as z.ZodType) }
  })
  const args = fields.filter(({ told }) => told.argument)
  const options = fields.filter(({ told }) => !told.argument)
  const optionFor = (field: Field) => beside.optionsFor?.[field.name]
  for (const field of args) {
    command.argument(argumentFlags(field, optionFor(field) !== undefined), field.schema.description ?? '', parserOf(field))
    const name = optionFor(field)
    if (name !== undefined) command.option(`--${name} ${field.told.placeholder}`, 'the same as an option', parserOf(field))
  }
  for (const field of options) command.addOption(optionOf(field, beside.instead === undefined))
  command
    .option('--dry-run', 'tell what would be done, and change nothing')
    .option('--once <name>', 'your name for this request: a request with the same name is done once, however often it is sent')
    .option('--json', 'answer in JSON')
  command.action(async (...given: unknown[]) => {
    const said = command.optsWithGlobals<Record<string, unknown>>()
    const input: Record<string, unknown> = {}
    args.forEach((field, index) => put(input, field, given[index] ?? said[optionFor(field) ?? '']))
    for (const field of options) put(input, field, said[camel(field.name)])
    const json = said['json'] === true
    const other = beside.instead?.(input, json)
    if (other) return other()
    const asked = { input: beside.amend ? await beside.amend(input) : input, dryRun: said['dryRun'] === true }
    await withHouse(async (house) => {
      const answer = await runAct(house, machineUser(userName()), act, { ...asked, requestKey: said['once'] as string | undefined })
      print(json, shown(answer, asked.dryRun), asked.dryRun && !act.tellsDryRun ? wordsOfDryRun(answer) : answer.says)
      beside.after?.(answer)
    })
  })
}

/** A container may run as a user without a name. */
export function userName(): string {
  try {
    return os.userInfo().username
  } catch {
    return 'staff'
  }
}

function shown({ result, before, after, repeated }: Answer, dryRun: boolean): object {
  if (dryRun) return { ...result, dry_run: true, before, after }
  return repeated ? { ...result, repeated } : result
}

function wordsOfDryRun({ before, after }: Answer): string {
  return ['Nothing was changed. It would be:', ...changeWords(before, after).map((line) => `  ${line}`)].join('\n')
}

function put(input: Record<string, unknown>, { name, schema, told }: Field, given: unknown): void {
  if (given === undefined) return
  input[name] = Array.isArray(given) ? given.map((text) => fromText(schema, told, text as string)) : fromText(schema, told, given)
}

function camel(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function optionOf(field: Field, mayBeMandatory: boolean): Option {
  const { name, schema, told } = field
  const words = `--${name.replaceAll('_', '-')}`
  const inner = unwrapped(schema)
  const isFlag = schema instanceof z.ZodDefault && inner instanceof z.ZodBoolean
  const option = new Option(isFlag ? words : `${words} ${told.placeholder ?? '<text>'}`, schema.description)
  if (isFlag) return option
  if (inner instanceof z.ZodEnum && !told.fromText) option.choices(inner.options.map(String))
  else option.argParser(parserOf(field))
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) option.default(undefined, String(schema.def.defaultValue))
  return schema.isOptional() || !mayBeMandatory ? option : option.makeOptionMandatory()
}

function argumentFlags({ name, schema, told }: Field, isOptional: boolean): string {
  const words = (told.placeholder ?? `<${name}>`).slice(1, -1)
  return isOptional || schema.isOptional() ? `[${words}]` : `<${words}>`
}

/** Checks an argument or an option where it is typed; the act checks it again. A field that can be repeated collects its texts. */
function parserOf({ schema, told }: Field): (text: string, before: unknown) => unknown {
  const repeated = isRepeated(told)
  return (text, before) => {
    const value = fromText(schema, told, text)
    const checked = repeated ? z.array(z.any()).safeParse([value]) : schema.safeParse(value)
    if (!checked.success) throw new InvalidArgumentError(checked.error.issues[0]!.message)
    return repeated ? [...((before as string[] | undefined) ?? []), text] : text
  }
}

function fromText(schema: z.ZodType, told: OnCommandLine, given: unknown): unknown {
  if (typeof given !== 'string') return given
  try {
    return valueOf(schema, told, given)
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error))
  }
}
