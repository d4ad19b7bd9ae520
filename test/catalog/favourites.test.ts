import { beforeAll, describe, expect, test } from 'vitest'
import { addFavourite, dropFavourite, MOST_FAVOURITES, readFavourites } from '../../server/catalog/favourites.ts'
import { importServices, readServiceList } from '../../server/catalog/import.ts'
import { openDocket } from '../support/docket.ts'
import { wideOffer } from '../support/wide-offer.ts'

const docket = openDocket()

describe('favourites', () => {
  let services: number[]
  beforeAll(async () => {
    const offer = wideOffer(MOST_FAVOURITES + 5)
    await importServices(docket.db, readServiceList(JSON.stringify(offer)))
    services = offer.map(({ service }) => service as number)
  })

  const keep = (account: number, service: number) => addFavourite(docket.db, account, service, docket.clock.now())
  const kept = async (account: number) => [...(await readFavourites(docket.db, account))].toSorted((a, b) => a - b)

  test('a service is kept once, however often it is pressed', async () => {
    const { account } = await docket.account()
    await Promise.all([keep(account, services[0]!), keep(account, services[0]!), keep(account, services[0]!)])
    await keep(account, services[0]!)
    expect(await kept(account)).toEqual([services[0]])

    await dropFavourite(docket.db, account, services[0]!)
    await dropFavourite(docket.db, account, services[0]!)
    expect(await kept(account)).toEqual([])
  })

  test('an account has its own, whatever another keeps and drops', async () => {
    const [mine, theirs] = [await docket.account(), await docket.account()]
    await keep(mine.account, services[0]!)
    await keep(theirs.account, services[0]!)
    await keep(theirs.account, services[1]!)
    await dropFavourite(docket.db, mine.account, services[1]!)
    await dropFavourite(docket.db, mine.account, services[0]!)

    expect(await kept(mine.account)).toEqual([])
    expect(await kept(theirs.account)).toEqual(services.slice(0, 2))
  })

  test('two at once do not both take the last place', async () => {
    const { account } = await docket.account()
    for (const service of services.slice(0, MOST_FAVOURITES - 1)) await keep(account, service)

    const [one, other] = services.slice(MOST_FAVOURITES) as [number, number]
    const answers = await Promise.allSettled([keep(account, one), keep(account, other)])

    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const refused = answers.find((answer) => answer.status === 'rejected')
    expect(refused?.reason).toMatchObject({ code: 'too_many_favourites' })
    expect(await kept(account)).toHaveLength(MOST_FAVOURITES)
  })

  test('a full list takes what it has already, and one more when one is gone or not on sale', async () => {
    const { account } = await docket.account()
    const full = services.slice(0, MOST_FAVOURITES)
    for (const service of full) await keep(account, service)
    const further = services[MOST_FAVOURITES]!

    await keep(account, full[0]!)
    await expect(keep(account, further)).rejects.toMatchObject({ code: 'too_many_favourites' })
    await dropFavourite(docket.db, account, full[0]!)
    await keep(account, further)
    await docket.db.query(`update services set state = 'disabled' where id = $1`, [full[1]!])
    await keep(account, full[0]!)

    expect(await kept(account)).toHaveLength(MOST_FAVOURITES + 1)
    await docket.db.query(`update services set state = 'on sale' where id = $1`, [full[1]!])
  })

  test('what is not there cannot be kept', async () => {
    const { account } = await docket.account()
    const hidden = await docket.service({}, { state: 'hidden' })
    await expect(keep(account, 99)).rejects.toMatchObject({ code: 'no_such_service' })
    await expect(keep(account, hidden)).rejects.toMatchObject({ code: 'no_such_service' })
  })
})
