import { expect, test } from 'vitest'
import { openLog } from '../../cli/log.ts'
import { openDocket } from '../support/docket.ts'

const docket = openDocket()

test('the log of a refused row tells its table and rule, and nothing that the row holds', async () => {
  const lines: string[] = []
  const log = openLog('info', { write: (line: string) => void lines.push(line) })
  const statement = `insert into suppliers (name, protocol, url, sealed_key, calls_at_once) values ('anna', 'api-v2', 'https://panel.example', 'a sealed key', 0)`
  const error = await docket.db.query(statement).catch((found: unknown) => found)
  log.error({ err: error, request: 'r1' }, 'a page failed')

  const [line] = lines.map((text) => JSON.parse(text) as Record<string, any>)
  expect(line).toMatchObject({
    msg: 'a page failed',
    request: 'r1',
    err: { code: '23514', table: 'suppliers', constraint: 'budgets_are_positive' },
  })
  expect(line!['err'].stack).toContain('log.test.ts')
  expect(lines.join('')).not.toMatch(/anna|sealed key|panel\.example|6120736561/)
})
