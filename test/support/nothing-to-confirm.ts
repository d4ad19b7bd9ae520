import type { Confirming } from '../../server/db/confirming.ts'

/** As where no standby has to confirm commits. */
export const nothingToConfirm: Confirming = {
  isAsked: () => false,
  note: () => {},
  isStalled: () => false,
  confirmed: async () => {},
  stop: async () => {},
}
