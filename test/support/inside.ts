import type { NodeParts } from '../../server/main.ts'
import { openOutgoing } from '../../server/outgoing/fetch.ts'

/** Receivers of a test stand on this machine, which no webhook of a customer may: the one exception, and only in a test. */
export const insideParts = {
  openWebhookOutgoing: () => openOutgoing({ allowPrivate: true, timeLimitMs: 2000, connections: 64 }),
} satisfies NodeParts
