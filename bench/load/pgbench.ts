import { writeFile } from 'node:fs/promises'
import { CUSTOMERS, RATE, SERVICES } from '../shop/seed.ts'
import type { Sample } from './load.ts'
import { findPostgresProgram, outputOf } from './programs.ts'
import { ONE_STATEMENT } from './single-order.ts'

export interface Pgbench {
  readonly place: (url: string, clients: number, seconds: number, hot: boolean) => Promise<Sample>
}

/** PostgreSQL's own load generator, with one statement per order: the rate of a database alone, without batches. */
export async function findPgbench(file: (name: string) => string): Promise<Pgbench | undefined> {
  const program = await findPostgresProgram('pgbench')
  if (program === undefined) {
    console.log(
      'pgbench was not found (Debian: apt-get install postgresql-15, or put its bin directory on the PATH): that baseline is left out.',
    )
    return undefined
  }
  const scripts = { spread: file('spread.sql'), hot: file('hot.sql') }
  await writeFile(scripts.spread, script(`random(1, ${CUSTOMERS})`))
  await writeFile(scripts.hot, script('1'))
  const place: Pgbench['place'] = async (url, clients, seconds, hot) => {
    const words = `-n -M prepared -c ${clients} -j ${Math.min(clients, 2)} -T ${seconds} -f`.split(' ')
    const output = await outputOf(program, [...words, hot ? scripts.hot : scripts.spread, url])
    // On a busy machine the round can be over before all clients are connected.
    return sampleOf(output) ?? place(url, clients, seconds * 2, hot)
  }
  return { place }
}

function script(book: string): string {
  const link = `'https://example.com/p/' || :n::text`
  const values = [':book', ':book', ':service', 'null', '100', '9000', `'${RATE}'`, link]
  const statement = ONE_STATEMENT.replaceAll(/\$(\d)/g, (_, n) => `(${values[Number(n) - 1]})`).replaceAll(/\s+/g, ' ')
  return `\\set book ${book}\n\\set service random(1, ${SERVICES})\n\\set n random(1, 1000000000)\n${statement.trim()};\n`
}

function sampleOf(output: string): Sample | undefined {
  const told = (pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? Number.NaN)
  const failed = told(/number of failed transactions: (\d+)/)
  if (failed > 0) throw new Error(`${failed} transactions of pgbench failed`)
  const perSecond = told(/tps = ([\d.]+)/)
  if (Number.isNaN(perSecond)) return undefined
  return {
    perSecond,
    // pgbench prints only the mean; it is shown in place of the median.
    p50: told(/latency average = ([\d.]+)/),
    count: told(/transactions actually processed: (\d+)/),
  }
}
