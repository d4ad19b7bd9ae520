/** Whose data a backup holds, and by which migrations its tables came to their form. */
export interface Subject {
  /** `docket`: the file tells by it whose it is, so it stays the same for good */
  readonly name: string
  /** `Docket`: in sentences for people */
  readonly title: string
  readonly migrations: {
    /** `public.migrations`: where the migrations that ran are noted; not looked at where it is missing */
    readonly table: string
    /** a statement for their names, column `name`, in the order in which they ran */
    readonly inOrder: string
  }
  /** `public.routines`: tables about the database itself, which a backup does not carry and a restore does not look at */
  readonly leftOut?: readonly string[]
}
