import { type Docket, NoAnswer, PanelRefusal, type Service } from '../../../sdk/src/index.ts'
import { type Batch, linesOf, retryKeyOf } from './batch.ts'
import type { Entry, Journal } from './journal.ts'
import { check, type Line, lineOf } from './lines.ts'
import type { Pace } from './pace.ts'
import { type Due, isDue } from './plan.ts'

export interface Placing extends Due {
  readonly batch: Batch
  readonly services: ReadonlyMap<string, Service>
  /** One attempt per call: this file decides what is sent again. */
  readonly panel: Docket
  readonly journal: Journal
  readonly pace: Pace
  readonly atOnce: number
  readonly signal: AbortSignal
  readonly onLine: () => void
}

/** Why a batch stopped before its end. What was not ordered is ordered by the next run. */
export interface Stop {
  readonly code: 'interrupted' | 'not_enough_funds' | 'key' | 'no_answer' | 'outcomes_unknown'
  readonly message: string
}

/** Without retry keys each lost answer is an order that may have been made: a panel that gives none at all is left alone. */
const MOST_UNKNOWN_IN_A_ROW = 20

/** Orders every line that is open, several at once. Answers why it stopped, or null at the end. */
export async function placeBatch(placing: Placing): Promise<Stop | null> {
  const run: Run = { ...placing, stop: null, unknownInARow: 0 }
  const lines = linesOf(placing.batch)
  const worker = async () => {
    for (let next = await lines.next(); !next.done && !isStopped(run); next = await lines.next()) {
      const { number, line, cells } = next.value
      if (!isDue(run.journal.stateOf(number), run) || check(run.batch.columns, cells, run.services).fault !== null) continue
      await placeLine(run, number, line, lineOf(run.batch.columns, cells))
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: placing.atOnce }, worker))
  await lines.return()
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return run.stop
}

interface Run extends Placing {
  stop: Stop | null
  unknownInARow: number
}

function isStopped(run: Run): boolean {
  if (run.signal.aborted) run.stop ??= { code: 'interrupted', message: 'Interrupted' }
  return run.stop !== null
}

async function placeLine(run: Run, number: number, line: number, { order, maxCharge }: Line): Promise<void> {
  const { journal, panel, pace, keepsRetryKeys, signal } = run
  const note = (entry: Omit<Entry, 'number' | 'line'>) => journal.write({ number, line, ...entry })
  const retryKey = retryKeyOf(run.batch, line)
  if (!keepsRetryKeys) {
    note({ state: 'sent' })
    await journal.sync()
  }
  for (;;) {
    await pace.ready(signal).catch(() => {})
    if (isStopped(run)) return void (keepsRetryKeys || takeBack(run, number, line))
    try {
      // Not aborted by Ctrl-C: an order on its way is waited for.
      note({ state: 'placed', order: await panel.orders.add(order, { retryKey, ...(maxCharge !== null && { maxCharge }) }) })
      pace.answered()
      run.unknownInARow = 0
      run.onLine()
      return
    } catch (error) {
      const entry = outcomeOf(run, error)
      if (entry === 'again') continue
      if (entry === null) return void (keepsRetryKeys || takeBack(run, number, line))
      note(entry)
      run.onLine()
      return
    }
  }
}

/** Nothing was sent for this line, or the panel said no to all of them: the next run may order it. */
function takeBack({ journal }: Run, number: number, line: number): void {
  journal.write({ number, line, state: 'open' })
}

/** What is written of a line that was not placed; `again`: it is sent again; null: the batch stops and the line stays open. */
function outcomeOf(run: Run, error: unknown): Omit<Entry, 'number' | 'line'> | 'again' | null {
  const { pace, keepsRetryKeys } = run
  if (error instanceof PanelRefusal && error.about !== 'now') {
    pace.answered()
    run.unknownInARow = 0
    const { code, message } = error
    if (error.about === 'caller') return stop(run, { code: 'key', message })
    if (code === 'not_enough_funds') return stop(run, { code, message })
    return { state: 'refused', error: message }
  }
  if (error instanceof TypeError) return { state: 'refused', error: error.message }
  if (!(error instanceof NoAnswer || error instanceof PanelRefusal)) throw error
  const nothingDone = error instanceof PanelRefusal || error.nothingDone
  if (nothingDone || keepsRetryKeys) {
    if (error instanceof NoAnswer && error.reason === 'unclear') return { state: 'unknown', error: error.message }
    return pace.trouble(error.retryAfter) ? 'again' : stop(run, { code: 'no_answer', message: error.message })
  }
  run.unknownInARow += 1
  if (run.unknownInARow >= MOST_UNKNOWN_IN_A_ROW)
    stop(run, { code: 'outcomes_unknown', message: `${MOST_UNKNOWN_IN_A_ROW} answers in a row were lost: ${error.message}` })
  return { state: 'unknown', error: error.message }
}

function stop(run: Run, why: Stop): null {
  run.stop ??= why
  return null
}
