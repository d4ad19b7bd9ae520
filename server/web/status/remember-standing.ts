import type { AccountContext } from '../../customers/account-context.ts'
import { rememberBriefly } from '../../requests/remember-briefly.ts'
import { listIncidents, listOpenIncidents } from '../../status/incidents.ts'
import { readStanding } from '../../status/standing.ts'
import type { Web } from '../web.ts'

/** However many visitors ask, a node reads the figures four times per minute, and what is disturbed six times. */
const STANDING_MS = 15_000
const INCIDENTS_MS = 10_000
const MOST_OPEN = 3
const MOST_IN_FEED = 30

export function rememberStanding(accounts: () => AccountContext): Pick<Web, 'standing' | 'openIncidents' | 'newestIncidents'> {
  const now = () => accounts().now()
  return {
    standing: rememberBriefly(STANDING_MS, now, () => readStanding(accounts().db, now())),
    openIncidents: rememberBriefly(INCIDENTS_MS, now, () => listOpenIncidents(accounts().db, MOST_OPEN)),
    newestIncidents: rememberBriefly(STANDING_MS, now, () => listIncidents(accounts().db, { before: null, most: MOST_IN_FEED })),
  }
}
