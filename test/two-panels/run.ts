import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { openEmbeddedDatabase } from '../../server/db/embedded.ts'
import { onServer, withDatabase } from '../support/database-server.ts'
import { playTwoPanels } from './story.ts'

// npm run test:faults [-- --orders 10000 --kills 6 --seed 1]
const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean' },
  },
})
if (values.help) {
  process.stdout.write(
    'One Docket supplies another through faults. --orders 10000 --kills 6 --seed 1; DATABASE_URL or a throw-away server.\n',
  )
} else {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'docket-two-panels-'))
  const server = process.env['DATABASE_URL']
    ? { url: process.env['DATABASE_URL'], close: async () => {} }
    : await openEmbeddedDatabase({ directory })
  const names = [`docket_seller_${process.pid}`, `docket_supplier_${process.pid}`] as const
  for (const name of names) await onServer(server.url, `create database ${name}`)
  try {
    const ending = await playTwoPanels({
      urls: [withDatabase(server.url, names[0]), withDatabase(server.url, names[1])],
      orders: Number(values.orders),
      kills: Number(values.kills),
      seed: Number(values.seed),
      trouble: { lostReplies: 0.05, htmlErrors: 0.05, slowAnswers: 0.01 },
      say: (line) => process.stdout.write(`${line}\n`),
    })
    const clean = ending.notExactlyOnce.length === 0 && ending.different.length === 0 && ending.unconfirmed === 0 && ending.auditsClean
    process.stdout.write(`${JSON.stringify(ending, null, 2)}\n${clean ? '1 passed, 0 failed' : '0 passed, 1 failed'}\n`)
    process.exitCode = clean ? 0 : 1
  } finally {
    for (const name of names) await onServer(server.url, `drop database if exists ${name} with (force)`)
    await server.close()
    await rm(directory, { recursive: true, force: true })
  }
}
