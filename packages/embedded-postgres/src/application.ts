/** The program whose server it is: what bears its name, how sentences for people call it, how its server is set up. */
export interface Application {
  /** `docket`: name of the database, of its owner and of files beside; it stays the same as long as the directory is used */
  readonly name: string
  /** `Docket`: in sentences for people */
  readonly title: string
  /** `DATABASE_URL`: the setting that names a PostgreSQL of one's own to be used instead, for sentences that show this way out */
  readonly ownServer: string | undefined
  /** of postgresql.conf, besides those of this package and stronger than they */
  readonly settings: Settings
}

/** `{ shared_buffers: '256MB' }` */
export type Settings = Readonly<Record<string, string>>

const longestName = 20

export function describeApplication(given: { name: string; title?: string; ownServer?: string; settings?: Settings }): Application {
  // It goes into addresses, file names and the path of a socket, which the system cuts.
  if (!/^[a-z][a-z0-9_]*$/.test(given.name) || given.name.length > longestName)
    throw new Error(`The name "${given.name}" cannot be used: take up to ${longestName} small letters, digits and _, a letter first.`)
  return { name: given.name, title: given.title ?? given.name, ownServer: given.ownServer, settings: given.settings ?? {} }
}

/** The end of a sentence that tells a way out already. */
export function orOwnServer({ ownServer }: Pick<Application, 'ownServer'>): string {
  return ownServer === undefined ? '' : `, or set ${ownServer} to a PostgreSQL of your own`
}
