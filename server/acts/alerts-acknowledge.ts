import { z } from 'zod'
import { acknowledgeAlert } from '../loops/alerts.ts'
import { refuse } from '../refusal.ts'
import { act, changed } from './act.ts'
import { cli, id } from './fields.ts'
import { rowOf } from './rows.ts'

export const alertsAcknowledge = act({
  name: 'alerts acknowledge',
  does: 'close an alert that you have seen; if the problem comes up again, it opens a new one',
  permission: 'alerts.close',
  input: z.object({ alert: cli(id(), { argument: true, placeholder: '<alert>' }).describe('number of the alert') }),
  async run({ tx, now, actor }, { alert }) {
    const before = await rowOf(tx, 'alerts', alert)
    if (!(await acknowledgeAlert(tx, BigInt(alert), actor.who, now))) throw refuse('unknown_alert', alert)
    return { result: { alert, closed: true }, ...changed(before, await rowOf(tx, 'alerts', alert)) }
  },
  says: ({ alert }) => `Alert ${alert} is closed`,
})
