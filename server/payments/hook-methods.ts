import type { Database } from '../db/pool.ts'
import { findMethodOfHook, type MethodRow } from './methods.ts'

/** Finds the method that a call of a gateway is for. A flood of calls to a known address costs the database one statement a second. */
export interface HookMethods {
  /** The method that is on and has this token; undefined: there is none. */
  of(token: string): Promise<MethodRow | undefined>
}

/** A method that was switched off, or has other settings, is still heard as before for so long. */
const KNOWN_FOR_MS = 1000

/** Only methods that exist are remembered: what callers make up leaves nothing. */
export function openHookMethods(db: Database): HookMethods {
  const known = new Map<string, { readonly row: MethodRow; readonly readAt: number }>()
  return {
    async of(token) {
      const remembered = known.get(token)
      if (remembered && performance.now() - remembered.readAt < KNOWN_FOR_MS) return remembered.row
      const row = await findMethodOfHook(db, token)
      if (row) known.set(token, { row, readAt: performance.now() })
      else known.delete(token)
      return row
    },
  }
}
