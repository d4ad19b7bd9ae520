import { describe, expect, test } from 'vitest'
import type { Service } from '../../server/catalog/catalogue.ts'
import { readOrderForm } from '../../server/ordering/order-form.ts'

const read = (type: string, parameters: Record<string, string>, dripfeed = false) =>
  readOrderForm({ type, dripfeed } as Service, parameters, new Date('2026-03-01T12:00:00Z'))
const faultsOf = (...given: Parameters<typeof read>) => read(...given).faults.map(({ field, code }) => `${field}: ${code}`)

describe('an order with several faults', () => {
  const wrong: readonly [name: string, type: string, parameters: Record<string, string>, faults: readonly string[]][] = [
    ['nothing is filled in', 'SEO', {}, ['link: link_required', 'keywords: keywords_required', 'quantity: quantity_required']],
    ['the link is told first and the quantity last', 'Poll', { quantity: '0', answer_number: '0', link: 'two words' },
      ['link: incorrect_link', 'answer_number: incorrect_answer_number', 'quantity: incorrect_quantity']],
    ['runs are not sold, beside a missing link', 'Default', { quantity: '10', runs: '5', interval: '60' },
      ['link: link_required', 'runs: drip_feed_not_available']],
    ['each bound of a subscription stands for itself', 'Subscriptions', { username: 'anna', min: '0', max: 'x', delay: '7' },
      ['delay: incorrect_delay', 'min: incorrect_quantity', 'max: incorrect_quantity']],
    ['the least is above the most', 'Subscriptions', { min: '20', max: '10' }, ['username: username_required', 'max: min_above_max']],
  ] // prettier-ignore
  test.each(wrong)('names each of them at its field: %s', (_, type, parameters, faults) => {
    expect(faultsOf(type, parameters)).toEqual(faults)
  })

  test('misses the interval of its runs only where runs are sold', () => {
    const parameters = { link: 'https://example.com/p/1', quantity: '10', runs: '5' }
    expect(faultsOf('Default', parameters, true)).toEqual(['interval: interval_required'])
    expect(faultsOf('Default', parameters)).toEqual(['runs: drip_feed_not_available'])
  })

  test('is not asked for what follows from an answer that is wrong itself', () => {
    const parameters = { link: 'https://example.com/p/1', quantity: '10', country: 'US', device: '1' }
    expect(faultsOf('Web Traffic', { ...parameters, type_of_traffic: '9' })).toEqual(['type_of_traffic: incorrect_type_of_traffic'])
    expect(faultsOf('Web Traffic', { ...parameters, type_of_traffic: '2' })).toEqual(['referring_url: referring_url_required'])
  })

  test('is counted all the same where what is counted is right', () => {
    expect(read('Default', { quantity: '10', runs: '3', interval: '60' }, true).counted).toMatchObject({ kind: 'drip-feed', quantity: 30n })
    expect(read('Custom Comments', { comments: 'One\nTwo' }).counted).toMatchObject({ quantity: 2n })
    expect(read('Default', { link: 'https://example.com/p/1' }).counted).toBeUndefined()
  })
})
