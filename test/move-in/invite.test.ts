import { beforeAll, describe, expect, test } from 'vitest'
import { inviteNext } from '../../server/customers/invite.ts'
import { panelOfDump } from '../../server/move-in/from-dump.ts'
import { glycon } from '../../server/move-in/glycon.ts'
import { openSecret } from '../../server/secret.ts'
import { openDocket } from '../support/docket.ts'
import { glyconTables, SMALL, writeDump } from './dumps.ts'
import { bring, openDumpDirectory, SECRET } from './moved.ts'

const docket = openDocket({ DOCKET_SECRET: SECRET })
const inDirectory = openDumpDirectory()

beforeAll(async () => {
  const file = await inDirectory('glycon.sql')
  await writeDump(file, glyconTables(SMALL, 'https://acme.example/api/v2'))
  await bring(docket, panelOfDump(glycon, file, 'old'))
})

async function invite(most: number) {
  const secret = await openSecret({ secret: SECRET, dataDirectory: '' })
  return inviteNext({ db: docket.db, now: docket.clock.now, secret, site: { name: 'Shop', url: 'https://shop.example' } }, most)
}

describe('customers of another panel', () => {
  test('are invited in batches, each once, and never at an address that nobody reads', async () => {
    // 30 came: one was suspended there, and one has the address of another.
    expect(await invite(10)).toEqual({ invited: 10, left: 18 })
    expect(await invite(15)).toEqual({ invited: 15, left: 3 })
    expect(await invite(10)).toEqual({ invited: 3, left: 0 })
    expect(await invite(10)).toEqual({ invited: 0, left: 0 })
    const { rows } = await docket.db.query<{ recipient: string; locale: string }>(
      "select recipient, locale from mails where name = 'invite' order by recipient",
    )
    expect(new Set(rows.map(({ recipient }) => recipient)).size).toBe(28)
    expect(rows.filter(({ recipient }) => recipient.endsWith('.invalid'))).toEqual([])
    expect(rows.find(({ recipient }) => recipient === 'one@shop.example')!.locale).toBe('tr')
  })
})
