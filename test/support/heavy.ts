/** Test files that load a machine by themselves, with about how many seconds each takes. Those of one kind take turns. */
const HEAVY = {
  servers: {
    'embedded-postgres/test/start.test': 60,
    'nemesis.test': 35,
    'deploy/restore-drill.test': 30,
    'faults/largest-input.test': 30,
    'faults/embedded-killed.test': 30,
    'embedded-postgres/test/known-faults.test': 15,
    'embedded-postgres/test/killed.test': 10,
    'faults/kill.test': 20,
    'faults/child-panel.test': 60,
    'payments/junk.test': 30,
    'payments/killed.test': 20,
    'deploy/image.test': 45,
    'faults/synchronous.test': 70,
    'faults/several-hosts.test': 30,
    'faults/long-reads.test': 60,
  },
  browsers: {
    'browser/child-panel.test': 100,
    'browser/providers.test': 65,
    'browser/child-desk.test': 60,
    'browser/programs.test': 35,
    'browser/docs.test': 30,
    'browser/order.test': 28,
    'browser/account.test': 25,
    'browser/mass-order.test': 25,
    'browser/shell.test': 25,
    'browser/orders.test': 22,
    'browser/app.test': 18,
    'browser/funds.test': 15,
    'browser/components.test': 10,
    // They change the networks of the machine, and a browser drops what it is loading when a network changes.
    'cluster/cluster.test': 110,
    'cluster/rolling.test': 50,
  },
} as const

/** Files that are long and may run beside all others: they begin early. */
const LONG: Readonly<Record<string, number>> = {
  'web/examples.test': 70,
  'two-panels.test': 76,
  'life/idle.test': 75,
  'cli/cli.test': 200,
  'browser/desk-moving.test': 150,
  'move-in/movings-of-nodes.test': 120,
  'browser/desk.test': 120,
  'fuzz/surface.test': 80,
  'browser/desk-payments.test': 80,
  'browser/support.test': 70,
  'panels/restoring.test': 60,
  'browser/desk-setup.test': 60,
  'browser/referrals.test': 60,
  'desk/permissions.test': 60,
  'panels/making.test': 60,
  'panels/keys.test': 130,
  'panels/hosting.test': 60,
  'acts/acts.test': 50,
  'docs/commands.test': 70,
  'payments/scenarios.test': 30,
  'api/limits.test': 25,
  'faults/deaf-listener.test': 25,
  'cli/build.test': 20,
  'cli/packed.test': 30,
  'deploy/proxies.test': 10,
  'sdk/package.test': 30,
  'reseller/package.test': 20,
  'reseller/commands.test': 8,
  'sdk/docket.test': 20,
  'sdk/dialects.test': 10,
  'faults/connection.test': 20,
  'faults/waiting.test': 20,
  'embedded-postgres/test/backup.test': 15,
  'faults/closed-network.test': 15,
  'faults/guesses.test': 15,
  'api/transport.test': 12,
  'api/add.test': 10,
  'faults/mass-order.test': 10,
  'properties/promises.test': 10,
  'ledger/statement.test': 10,
  'properties/life.test': 10,
}
const USUAL_SECONDS = 3

export type Kind = keyof typeof HEAVY

/** Which files it takes turns with; undefined: none. */
export function kindOf(file: string): Kind | undefined {
  return (Object.keys(HEAVY) as Kind[]).find((kind) => Object.keys(HEAVY[kind]).some((name) => file.includes(name)))
}

export function secondsOf(file: string): number {
  const known = [...Object.values(HEAVY).flatMap((files) => Object.entries(files)), ...Object.entries(LONG)]
  return known.find(([name]) => file.includes(name))?.[1] ?? USUAL_SECONDS
}
