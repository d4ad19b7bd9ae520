import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { beforeAll, expect, inject, test } from 'vitest'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { deployPath, readDeploy, run, tool } from './tools.ts'

const RULES = 'prometheus/docket.rules.yml'
// A server is as good a standby of itself as any: nothing is read from it here.
const docket = openDocket({ DATABASE_READ_URL: inject('serverUrl') })

interface Panel {
  readonly title: string
  readonly targets: readonly { expr: string }[]
}

/** The series that a node has told, each with its labels. */
const told = new Map<string, Map<string, Set<string>>>()
let metrics: string

beforeAll(async () => {
  const { key } = await docket.account()
  await docket.call({ key, action: 'add', service: await onSale(docket), link: 'https://example.com/metrics', quantity: 10 })
  metrics = await (await fetch(`${docket.node.url}/metrics`)).text()
  for (const [, name, labels = ''] of metrics.matchAll(/^([a-z_]+)(?:\{(.*)\})? \S+$/gm)) {
    const known = told.get(name!) ?? new Map<string, Set<string>>()
    told.set(name!, known)
    for (const [, label, value] of labels.matchAll(/(\w+)="([^"]*)"/g)) known.set(label!, (known.get(label!) ?? new Set()).add(value!))
  }
})

test('every series and label of the dashboard and of the alerts is one that a node tells', async () => {
  const { panels } = JSON.parse(await readDeploy('grafana/docket.json')) as { panels: Panel[] }
  const alerts = [...(await readDeploy(RULES)).matchAll(/expr: (.*)/g)].map(([, expr]) => expr!)
  const expressions = [...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)), ...alerts]
  expect(expressions.length).toBeGreaterThan(25)
  expect(expressions.flatMap(faultsOf)).toEqual([])
})

test('no series of ours is left out of the dashboard', async () => {
  const dashboard = await readDeploy('grafana/docket.json')
  const ours = [...metrics.matchAll(/^# TYPE (docket_\w+)/gm)].map(([, name]) => name!)
  expect(ours.length).toBeGreaterThan(8)
  expect(ours.filter((name) => !dashboard.includes(name))).toEqual([])
})

test('the sums of the books that a node tells add up, which an alert watches', () => {
  const sums = [...metrics.matchAll(/^docket_money\{.*account="(\w+)"\} (\S+)$/gm)].map(
    ([, account, sum]) => [account!, Number(sum)] as const,
  )
  const paidIn = sums.filter(([account]) => account === 'paid_in').reduce((total, [, sum]) => total + sum, 0)
  const held = sums.filter(([account]) => account !== 'paid_in').reduce((total, [, sum]) => total + sum, 0)
  expect(paidIn).toBe(100)
  expect(held).toBeCloseTo(paidIn, 5)
})

const promtool = tool('promtool')
test.skipIf(promtool.isMissing)(
  `Prometheus reads its files, and each alert comes when it should and not before${promtool.note}`,
  async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'docket-rules-'))
    try {
      await run('promtool', ['check', 'config', '--syntax-only', deployPath('prometheus/prometheus.yml')])
      await run('promtool', ['check', 'rules', deployPath(RULES)])
      const cases = await readFile(new URL('alerts.yml', import.meta.url), 'utf8')
      const names = [...(await readDeploy(RULES)).matchAll(/alert: (\w+)/g)].map(([, name]) => name!)
      expect([...cases.matchAll(/alertname: (\w+)/g)].map(([, name]) => name!)).toEqual(names)
      await writeFile(path.join(folder, 'alerts.yml'), cases.replace('RULES', deployPath(RULES)))
      const { stdout } = await run('promtool', ['test', 'rules', path.join(folder, 'alerts.yml')])
      expect(stdout).toContain('SUCCESS')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
)

/** Labels that Prometheus adds to what it has read. */
const ADDED = new Set(['instance', 'job', 'le'])

function faultsOf(expression: string): string[] {
  const faults: string[] = []
  for (const [, name, inBraces = ''] of expression.matchAll(/\b((?:docket|process|nodejs)_\w+|up\b)(?:\{([^}]*)\})?/g)) {
    const labels = told.get(name!)
    if (name !== 'up' && !labels) faults.push(`${name}: no such series`)
    for (const [, label, how, value] of inBraces.matchAll(/(\w+)(=~|!=|=)"([^"]*)"/g)) {
      if (ADDED.has(label!)) continue
      if (!labels?.has(label!)) faults.push(`${name}: no label ${label}`)
      // Of outcomes a healthy node has told no fault.
      else if (how === '=' && label !== 'outcome' && !labels.get(label!)!.has(value!)) faults.push(`${name}: no ${label} ${value}`)
    }
  }
  return faults
}
