import type { Logger } from 'pino'

export interface Loop {
  /** Waits for the work under way to end, and begins nothing new. */
  stop(): Promise<void>
}

/** How many times longer the pauses become when a loop finds nothing to do again and again. */
const LONGEST_REST = 4

/** Answers how much it did. Long work asks now and then whether it should stop. */
export type Work = (isStopping: () => boolean) => Promise<number>

/**
 * Works again at once while there is work, otherwise after the pause, which grows while there is none; 'soon': after the pause as it was at first. An
 * error is logged, and the work is tried again later.
 */
export function repeat(log: Logger, name: string, pauseMs: number, work: Work | (() => Promise<'soon' | 0>)): Loop {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let pause = pauseMs
  let running: Promise<void> = turn()
  async function turn() {
    let done: number | 'soon' = 0
    try {
      done = await work(() => stopped)
    } catch (error) {
      log.error({ err: error, loop: name }, 'a loop failed and will try again')
    }
    pause = done === 0 ? Math.min(pause * 1.5, pauseMs * LONGEST_REST) : pauseMs
    if (!stopped) timer = setTimeout(() => (running = turn()), done === 0 || done === 'soon' ? pause : 0)
  }
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}

export interface WokenLoop extends Loop {
  /** There may be work. Woken while it works, it looks once more. */
  wake(): void
}

/** Works when it is woken, again and again while there is work. An error is logged; the next waking tries again. */
export function whenWoken(log: Logger, name: string, work: Work): WokenLoop {
  let stopped = false
  let isWoken = false
  let running: Promise<void> | undefined
  async function turns() {
    while (isWoken) {
      isWoken = false
      try {
        if ((await work(() => stopped)) > 0 && !stopped) isWoken = true
      } catch (error) {
        log.error({ err: error, loop: name }, 'a loop failed and will try again')
      }
    }
    running = undefined
  }
  return {
    wake() {
      if (stopped) return
      isWoken = true
      running ??= turns()
    },
    async stop() {
      stopped = true
      isWoken = false
      await running
    },
  }
}
