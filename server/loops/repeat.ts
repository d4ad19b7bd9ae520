import type { Logger } from 'pino'

export interface Loop {
  /** Waits for the work under way to end, and begins nothing new. */
  stop(): Promise<void>
}

/** How many times longer the pauses become when a loop finds nothing to do again and again. */
const LONGEST_REST = 4

/**
 * Works again at once while there is work, otherwise after the pause, which grows while there is none. An error is logged, and the work is tried
 * again later. Long work asks now and then whether it should stop.
 */
export function repeat(log: Logger, name: string, pauseMs: number, work: (isStopping: () => boolean) => Promise<number>): Loop {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let pause = pauseMs
  let running: Promise<void> = turn()
  async function turn() {
    let busy = false
    try {
      busy = (await work(() => stopped)) > 0
    } catch (error) {
      log.error({ err: error, loop: name }, 'a loop failed and will try again')
    }
    pause = busy ? pauseMs : Math.min(pause * 1.5, pauseMs * LONGEST_REST)
    if (!stopped) timer = setTimeout(() => (running = turn()), busy ? 0 : pause)
  }
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
