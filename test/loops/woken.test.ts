import { expect, test } from 'vitest'
import { whenWoken } from '../../server/loops/repeat.ts'
import { silent } from '../support/fulfilment.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('works when it is woken, until nothing is left, and then rests', async () => {
  const left = [2, 1, 0]
  const loop = whenWoken(silent, 'test', async () => left.shift() ?? -1)
  await turn()
  expect(left).toEqual([2, 1, 0])
  loop.wake()
  await turn()
  expect(left).toEqual([])
  await loop.stop()
})

test('woken while it looks, it looks once more', async () => {
  const looks: (() => void)[] = []
  const loop = whenWoken(silent, 'test', () => new Promise((resolve) => looks.push(() => resolve(0))))
  loop.wake()
  loop.wake()
  loop.wake()
  await turn()
  looks[0]!()
  await turn()
  expect(looks).toHaveLength(2)
  looks[1]!()
  await turn()
  expect(looks).toHaveLength(2)
  await loop.stop()
})

test('one that failed works again when it is woken next', async () => {
  let looks = 0
  const loop = whenWoken(silent, 'test', async () => {
    looks += 1
    if (looks === 1) throw new Error('away')
    return 0
  })
  loop.wake()
  await turn()
  expect(looks).toBe(1)
  loop.wake()
  await turn()
  expect(looks).toBe(2)
  await loop.stop()
})

test('stopped, it ends what it does and is woken no more', async () => {
  let end = () => {}
  let looks = 0
  const loop = whenWoken(silent, 'test', (isStopping) => {
    looks += 1
    return new Promise((resolve) => (end = () => resolve(isStopping() ? 0 : 1)))
  })
  loop.wake()
  await turn()
  const stopping = loop.stop()
  end()
  await stopping
  loop.wake()
  await turn()
  expect(looks).toBe(1)
})
