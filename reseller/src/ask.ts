import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { exits, Failure } from './failures.ts'
import type { World } from './world.ts'

/** What somebody types, or the first line of what is piped in. Secrets are not shown while they are typed. */
export async function ask({ input, err, signal }: World, question: string, { secret = false } = {}): Promise<string> {
  const terminal = input.isTTY === true
  const shown = new Writable({
    write(chunk: Buffer, _, done) {
      if (!secret) err.write(String(chunk))
      done()
    },
  })
  // From here on the terminal shows no letters by itself: only now may it be asked.
  const lines = createInterface({ input, output: shown, terminal, prompt: question })
  if (terminal && secret) err.write(question)
  else if (terminal) lines.prompt()
  try {
    // Ctrl-C reaches a terminal that is read letter by letter as a letter.
    const stopped = new Promise<never>((_, reject) => {
      const stop = () => reject(new Failure(exits.interrupted, 'interrupted', 'Interrupted'))
      lines.once('SIGINT', stop)
      signal.addEventListener('abort', stop, { once: true })
    })
    const line = new Promise<string>((resolve) => {
      lines.once('line', resolve)
      lines.once('close', () => resolve(''))
    })
    return (await Promise.race([line, stopped])).trim()
  } finally {
    lines.close()
    if (terminal && secret) err.write('\n')
  }
}

export async function confirm(world: World, question: string): Promise<boolean> {
  return /^y(es)?$/i.test(await ask(world, `${question} [y/N] `))
}
