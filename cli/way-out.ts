import { readConfig } from '../server/config.ts'
import type { Database } from '../server/db/pool.ts'
import { openSecret, type Secret } from '../server/secret.ts'
import { openWebhookOutgoing } from '../server/webhooks/outgoing.ts'
import { withDatabase } from './database.ts'

/** Runs a command that sends messages to webhooks. */
export function withWayOut(
  work: (db: Database, ways: { secret: Secret; outgoing: ReturnType<typeof openWebhookOutgoing> }) => Promise<void>,
) {
  return withDatabase(async (db) => {
    const outgoing = openWebhookOutgoing()
    try {
      await work(db, { secret: await openSecret(readConfig()), outgoing })
    } finally {
      await outgoing.close()
    }
  })
}
