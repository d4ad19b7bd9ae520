import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import { confirm } from '../ask.ts'
import { type Exit, exits } from '../failures.ts'
import { readBatch } from '../mass/batch.ts'
import { openFile, type OrderFile } from '../mass/file.ts'
import { Journal } from '../mass/journal.ts'
import { Pace } from '../mass/pace.ts'
import { placeBatch, type Stop } from '../mass/place.ts'
import { planBatch } from '../mass/plan.ts'
import { Progress } from '../mass/progress.ts'
import { writeResult } from '../mass/result.ts'
import { type Mass, type MassOptions, planInJson, tellEnd, tellPlan } from '../mass/telling.ts'
import { print } from '../output.ts'
import { clientOf, panelFor } from '../panels.ts'
import type { World } from '../world.ts'
import { type Commands, panelCommand, whole } from './command.ts'

export function addMass({ world, end }: Commands, order: Command): void {
  panelCommand(order, 'mass', 'Place all orders of a CSV file, each once: killed and run again, it goes on.')
    .argument('<file>', 'a CSV file; its first line names the columns: service, link, quantity and the other fields of the API')
    .option('--yes', 'order without asking')
    .option('--dry-run', 'only check the file and tell what it would cost')
    .option('--skip-faulty', 'order the other lines when some are wrong')
    .option('--retry-refused', 'also order lines that the panel refused in an earlier run')
    .option('--result <file>', 'where the result goes, else beside the file as FILE.result.csv')
    .option('--batch <name>', 'the same file once more: under another name it is ordered again')
    .option('--at-once <count>', 'orders on their way at the same time', whole, 8)
    .option('--patience <seconds>', 'how long the panel may give no answer before it stops', whole, 600)
    .action(async (name: string, options: MassOptions) => {
      const file = await openFile(name)
      try {
        end(await orderFile(world, file, options))
      } finally {
        await file.handle.close()
      }
    })
}

async function orderFile(world: World, file: OrderFile, options: MassOptions): Promise<Exit> {
  const panel = await panelFor(world, options)
  const client = clientOf(world, panel)
  const call = { signal: world.signal }
  const batch = await readBatch(file, options.batch ?? '')
  const services = new Map((await client.services(call)).map((service) => [service.service, service]))
  const keepsRetryKeys = await client.orders.keepsRetryKeys(call)
  const result = options.result ?? resultBeside(file.name, options.batch)
  const head = { sha256: batch.sha256, url: panel.url, batch: batch.name, keepsRetryKeys }
  const journal = Journal.open(`${result}.journal`, head, batch.lines)
  try {
    const due = { keepsRetryKeys, again: options.retryRefused === true }
    const [plan, balance] = [await planBatch(batch, services, journal, due), await client.balance(call)]
    return await orderPlanned(world, { ...due, options, panel, services, balance, batch, plan, journal, result })
  } finally {
    journal.close()
  }
}

function resultBeside(file: string, batch: string | undefined): string {
  return `${file.replace(/\.csv$/i, '')}${batch === undefined ? '' : `.${batch}`}.result.csv`
}

/** First tells what would be ordered, then orders it, then writes the result. */
async function orderPlanned(world: World, mass: Mass): Promise<Exit> {
  const { options, plan } = mass
  tellPlan(world, mass)
  const isWrong = plan.faulty > 0 && !options.skipFaulty
  if (isWrong || !(await isWanted(world, options, plan.due))) {
    print(world, options, planInJson(mass), '')
    return isWrong ? exits.usage : exits.done
  }
  const stop = plan.due > 0 ? await place(world, mass) : null
  return tellEnd(world, mass, stop, await writeDown(world, mass, stop))
}

async function isWanted(world: World, { yes, dryRun, json }: MassOptions, due: number): Promise<boolean> {
  if (dryRun) return false
  if (yes || due === 0) return true
  if (world.input.isTTY && !json) return confirm(world, 'Order?')
  world.err.write('Nothing was ordered: --yes orders.\n')
  return false
}

async function place(world: World, mass: Mass): Promise<Stop | null> {
  const { options, plan, batch, panel } = mass
  const progress = new Progress(world, 'Ordering', batch.lines, batch.lines - plan.due)
  const { wait = (ms: number, signal?: AbortSignal) => pause(ms, undefined, signal && { signal }) } = world
  const stop = await placeBatch({
    ...mass,
    panel: clientOf(world, panel, { retries: 0 }),
    pace: new Pace(wait, options.patience * 1000, world.now),
    atOnce: options.atOnce,
    signal: world.signal,
    onLine: () => progress.step(),
  })
  progress.end()
  return stop
}

/** Whether the result has the charge of every order. They are not asked for of a panel that does not answer, nor by somebody who has pressed Ctrl-C. */
async function writeDown(world: World, mass: Mass, stop: Stop | null): Promise<boolean> {
  const asks = stop === null || stop.code === 'not_enough_funds'
  const progress = new Progress(world, 'Reading charges', mass.batch.lines)
  const hasCharges = await writeResult({
    ...mass,
    panel: asks ? clientOf(world, mass.panel) : null,
    file: mass.result,
    onLines: (count) => progress.step(count),
  })
  progress.end()
  return asks && hasCharges
}
