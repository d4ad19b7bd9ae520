import { everyPermission, type Permission } from './roles.ts'

/** Who acts for the house: a member of staff, or somebody with a shell on the machine, who may do everything. */
export interface StaffActor {
  /** Null: the machine's own user. */
  readonly staffId: number | null
  /** As the log tells it: an e-mail address, or the name of the machine's user. */
  readonly who: string
  readonly via: 'command' | 'api' | 'page'
  readonly may: ReadonlySet<Permission>
}

/** Whoever runs a command on this machine: they can read the database file anyway. */
export function machineUser(name: string): StaffActor {
  return { staffId: null, who: name, via: 'command', may: new Set(everyPermission) }
}
