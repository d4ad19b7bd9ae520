import type pg from 'pg'

/** One of our SQL functions, called by the names of its parameters. */
export interface SqlFunction<Parameter extends string> {
  /** The call as a statement for `query()`, prepared once per connection under its name. */
  call(values: Readonly<Record<Parameter, unknown>>): pg.QueryConfig
  /** The call as a part of another statement; each argument is SQL. */
  within(args: Readonly<Record<Parameter, string>>): string
}

/** Either the name of a single value in the row, or the columns selected from the rows that the function returns. */
interface Answer {
  readonly as?: string
  readonly columns?: string
  /** After this time the statement is given up together with its connection. */
  readonly timeoutMs?: number
}

/** Describes a function once, at module load: the text of its statement is built here only. `parameters` are named as in SQL, without `p_`. */
export function sqlFunction<const Parameter extends string>(
  name: string,
  parameters: readonly Parameter[],
  { as, columns, timeoutMs }: Answer = {},
): SqlFunction<Parameter> {
  const within = (args: Readonly<Record<Parameter, string>>) =>
    `${name}(${parameters.map((parameter) => `p_${parameter} => ${args[parameter]}`).join(', ')})`
  const numbered = within(
    Object.fromEntries(parameters.map((parameter, index) => [parameter, `$${index + 1}`])) as Record<Parameter, string>,
  )
  const statement = {
    name: name.replaceAll('_', ' '),
    text: columns === undefined ? `select ${numbered}${as === undefined ? '' : ` as "${as}"`}` : `select ${columns} from ${numbered}`,
    ...(timeoutMs === undefined ? {} : { query_timeout: timeoutMs }),
  }
  return { within, call: (values) => ({ ...statement, values: parameters.map((parameter) => values[parameter]) }) }
}
