import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { once } from 'node:events'
import type { Docket, Service } from '../../../sdk/src/index.ts'
import { type Batch, linesOf } from './batch.ts'
import { csvLine, type CsvRecord, harmless } from './csv.ts'
import type { Journal } from './journal.ts'
import { check, resultColumns } from './lines.ts'

export interface Result {
  readonly batch: Batch
  readonly services: ReadonlyMap<string, Service>
  readonly journal: Journal
  /** Null: charges are not asked for. */
  readonly panel: Docket | null
  readonly file: string
  readonly onLines: (count: number) => void
}

/** As many as the SDK asks for at once. */
const LINES_AT_ONCE = 400
const UNKNOWN_WHEN_KILLED = 'The answer is not known: it was being sent when the program ended'

/** Writes the file anew: every line with what became of it. Answers whether every charge that was asked for is there. */
export async function writeResult({ batch, services, journal, panel, file, onLines }: Result): Promise<boolean> {
  const { columns } = batch
  const written = `${file}.part`
  const out = createWriteStream(written, { mode: 0o600 })
  const put = async (cells: readonly string[]) => void (out.write(csvLine(cells)) || (await once(out, 'drain')))
  let hasCharges = true

  async function putLines(lines: readonly (CsvRecord & { readonly number: number })[]) {
    const entries = lines.map(({ number }) => journal.entryOf(number))
    const orders = entries.flatMap((entry) => entry?.order ?? [])
    const charges = panel && hasCharges ? await chargesOf(panel, orders) : new Map<string, string>()
    if (charges === null) hasCharges = false
    for (const [at, { cells }] of lines.entries()) {
      const entry = entries[at]!
      const fault = check(columns, cells, services).fault
      const error = entry?.error ?? (entry?.state === 'sent' ? UNKNOWN_WHEN_KILLED : (fault ?? ''))
      const state = entry?.state === 'sent' ? 'unknown' : (entry?.state ?? (fault === null ? 'open' : 'faulty'))
      const order = entry?.order ?? ''
      await put([...columns.kept.map((column) => cells[column] ?? ''), order, charges?.get(order) ?? '', state, harmless(error)])
    }
    onLines(lines.length)
  }

  try {
    await put([...columns.kept.map((column) => columns.names[column]!), ...resultColumns])
    let some: (CsvRecord & { readonly number: number })[] = []
    for await (const line of linesOf(batch)) {
      some.push(line)
      if (some.length < LINES_AT_ONCE) continue
      await putLines(some)
      some = []
    }
    await putLines(some)
    out.end()
    await once(out, 'close')
    await rename(written, file)
    return hasCharges
  } catch (error) {
    out.destroy()
    await rm(written, { force: true })
    throw error
  }
}

/** What was paid for each order and not given back. Null when the panel does not answer. */
async function chargesOf(panel: Docket, orders: readonly string[]): Promise<ReadonlyMap<string, string> | null> {
  try {
    const states = await panel.orders.statuses(orders)
    return new Map(
      [...states].flatMap(([id, state]) => (state.ok && state.value.charge !== null ? [[id, state.value.charge] as const] : [])),
    )
  } catch {
    return null
  }
}
