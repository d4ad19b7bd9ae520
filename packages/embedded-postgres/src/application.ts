/** The program that owns the server: its name, its name in sentences for people, and its server settings. */
export interface Application {
  /** `docket`: name of the database, of its owner and of the files; it stays the same as long as the directory is used */
  readonly name: string
  /** `Docket`: in sentences for people */
  readonly title: string
  /** `DATABASE_URL`: the setting that names the operator's own PostgreSQL instead, for error sentences that suggest it */
  readonly ownServer: string | undefined
  /** settings for postgresql.conf; they override those of this package */
  readonly settings: Settings
}

/** `{ shared_buffers: '256MB' }` */
export type Settings = Readonly<Record<string, string>>

const longestName = 20

export function describeApplication(given: { name: string; title?: string; ownServer?: string; settings?: Settings }): Application {
  // The name is part of addresses, file names and the path of a socket, which the system cuts.
  if (!/^[a-z][a-z0-9_]*$/.test(given.name) || given.name.length > longestName)
    throw new Error(`The name "${given.name}" cannot be used: take up to ${longestName} small letters, digits and _, a letter first.`)
  return { name: given.name, title: given.title ?? given.name, ownServer: given.ownServer, settings: given.settings ?? {} }
}

/** The end of an error sentence that already gives one solution. */
export function orOwnServer({ ownServer }: Pick<Application, 'ownServer'>): string {
  return ownServer === undefined ? '' : `, or set ${ownServer} to a PostgreSQL of your own`
}
