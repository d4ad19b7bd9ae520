import { expect, inject, test } from 'vitest'
import { onServer, withDatabase } from '../support/database-server.ts'
import { playTwoPanels } from '../two-panels/story.ts'

test('H3 one panel supplies another through faults, each order exactly once', async () => {
  const names = ['seller', 'supplier'].map((name) => `${inject('template')}_${name}`)
  for (const name of names) await onServer(inject('serverUrl'), `create database "${name}"`)
  const urls = names.map((name) => withDatabase(inject('serverUrl'), name)) as [string, string]
  const trouble = { lostReplies: 0.05, htmlErrors: 0.05, slowAnswers: 0.02 }
  const ending = await playTwoPanels({ urls, orders: 80, trouble, kills: 1, seed: 7 })
  expect(ending).toMatchObject({ notExactlyOnce: [], different: [], unconfirmed: 0, auditsClean: true })
  expect(ending.line.lost + ending.line.html).toBeGreaterThan(0)
})
