import { expect, test } from 'vitest'
import { roleDemandCode } from '../../server/acts/role-demand-code.ts'
import { staffAdd } from '../../server/acts/staff-add.ts'
import { staffSet } from '../../server/acts/staff-set.ts'
import { staffTokenAdd } from '../../server/acts/staff-token-add.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'

const docket = openDocket()
const house = () => houseOf(docket.db, docket.clock.now)

async function calls(token: string): Promise<{ status: number; code?: string }> {
  const response = await fetch(`${docket.node.url}/operator/v1/orders`, { headers: { authorization: `Bearer ${token}` } })
  const { error } = (await response.json()) as { error?: { code: string } }
  return { status: response.status, ...(error && { code: error.code }) }
}

test('a token is no way around a sign-in code that its owner’s role demands', async () => {
  await run(house(), staffAdd, { email: 'owner@example.com', name: 'Owner', role: 'owner' })
  const { staff } = await run(house(), staffAdd, { email: 'ana@example.com', name: 'Ana', role: 'support' })
  const { token } = await run(house(), staffTokenAdd, { staff })
  expect(await calls(token)).toEqual({ status: 200 })

  await run(house(), roleDemandCode, { role: 'support', demanded: true })
  expect(await calls(token)).toEqual({ status: 403, code: 'token_needs_code' })
  await expect(run(house(), staffTokenAdd, { staff })).rejects.toMatchObject({ code: 'token_needs_code' })

  const setUp = 'insert into staff_second_factors (staff_id, sealed_secret, confirmed_at, last_step) values ($1, $2, $3, 0)'
  await docket.db.query(setUp, [staff, Buffer.from('sealed'), docket.clock.now()])
  expect(await calls(token)).toEqual({ status: 200 })
  const another = await run(house(), staffTokenAdd, { staff })
  expect(await calls(another.token)).toEqual({ status: 200 })

  // Whoever lost the app and got it removed, or moves to such a role, owes one again.
  await docket.db.query('delete from staff_second_factors where staff_id = $1', [staff])
  expect(await calls(token)).toMatchObject({ status: 403 })
  await run(house(), staffSet, { staff, role: 'money' })
  expect(await calls(token)).toEqual({ status: 200 })
})
