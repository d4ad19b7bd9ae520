/** The application whose data a backup holds, and the migrations that made its tables. */
export interface Subject {
  /** `docket`: the name by which a file is recognised, so it never changes */
  readonly name: string
  /** `Docket`: in sentences for people */
  readonly title: string
  readonly migrations: {
    /** `public.migrations`: the table that lists the applied migrations; not read where it is missing */
    readonly table: string
    /** a statement that returns their names, column `name`, in the order in which they ran */
    readonly inOrder: string
  }
  /** `public.routines`: tables about the database itself, which a backup omits and a restore ignores */
  readonly leftOut?: readonly string[]
}
