import { beforeAll, describe, expect, test } from 'vitest'
import { hashAnyKey, hashKey, makeKey } from '../../server/customers/key.ts'
import { revokeKey } from '../../server/customers/keys.ts'
import { readSearch } from '../../server/fulfilment/find-orders.ts'
import { panelOfDump } from '../../server/move-in/from-dump.ts'
import { smartpanel } from '../../server/move-in/smartpanel.ts'
import { openSecret } from '../../server/secret.ts'
import { openDocket } from '../support/docket.ts'
import { keyOf, SMALL, smartpanelTables, writeDump } from './dumps.ts'
import { bring, openDumpDirectory, SECRET } from './moved.ts'

const docket = openDocket({ DOCKET_SECRET: SECRET })
const inDirectory = openDumpDirectory()

beforeAll(async () => {
  const file = await inDirectory('smartpanel.sql')
  await writeDump(file, smartpanelTables(SMALL, 'https://acme.example/api/v2'))
  await bring(docket, panelOfDump(smartpanel, file, 'old'))
})

describe('a key of another panel', () => {
  test('is looked for as theirs only, and one of our own never costs their hash', () => {
    const asked: string[] = []
    const theirs = (key: string) => (asked.push(key), Buffer.from(key))
    const own = makeKey(false)
    expect(hashAnyKey(own, theirs)).toEqual(hashKey(own))
    expect(asked).toEqual([])
    hashAnyKey(keyOf(4), theirs)
    expect(asked).toEqual([keyOf(4)])
  })

  test('is nowhere in the database, neither as it is nor as a digest that needs no secret', async () => {
    const { rows } = await docket.db.query<{ hash: Buffer; scheme: string; prefix: string }>(
      'select hash, scheme, prefix from api_keys where account_id = 4 and not of_pages',
    )
    const secret = await openSecret({ secret: SECRET, dataDirectory: '' })
    const another = await openSecret({ secret: 'the secret of somebody else entirely', dataDirectory: '' })
    expect(rows).toEqual([{ hash: secret.hash(keyOf(4)), scheme: 'hmac-sha-256', prefix: keyOf(4).slice(0, 6) }])
    expect(rows[0]!.hash.equals(hashKey(keyOf(4)))).toBe(false)
    expect(rows[0]!.hash.equals(another.hash(keyOf(4)))).toBe(false)
  })

  test('is found on the desk by its first characters, also when all of it was typed', async () => {
    // All keys of the test begin alike, so the accounts of two are told and none is chosen.
    const found = await readSearch(docket.db, keyOf(4))
    expect(found.recognised.map(({ kind }) => kind)).toEqual(['key', 'key'])
  })

  test('is refused once it is revoked, like any other', async () => {
    expect(await docket.balance(keyOf(5))).toBe('5.10000')
    const { rows } = await docket.db.query<{ id: number }>('select id from api_keys where account_id = 5 and not of_pages')
    await revokeKey(docket.db, rows[0]!.id, docket.clock.now())
    expect(await docket.call({ key: keyOf(5), action: 'status', order: 5 })).toMatchObject({ error: 'Invalid API key' })
  })
})
