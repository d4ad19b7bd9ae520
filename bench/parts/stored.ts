import { addLoad } from '../load/forms.ts'
import { ratioOf, takeTurns } from '../rounds.ts'
import { openHistory } from '../shop/history.ts'
import { proveBooks } from '../shop/proof.ts'
import { openCountedDocket } from './counted-docket.ts'
import { CROWD, type Part } from './part.ts'

/** Placing orders in a database with many stored orders, compared with an empty one. */
export const measureStored: Part = async (bench) => {
  const empty = await bench.hall.openShop('empty')
  const full = await openHistory(bench.hall, bench.stored)
  const load = addLoad(empty.customers)
  const dockets = { none: await openCountedDocket(bench, empty, 'none stored'), many: await openCountedDocket(bench, full, 'many stored') }
  const many = `${bench.stored.toLocaleString('en')} stored`
  try {
    const results = await takeTurns(
      [
        { name: many, run: (seconds) => dockets.many.fire(load, CROWD, seconds) },
        { name: 'none stored', run: (seconds) => dockets.none.fire(load, CROWD, seconds) },
      ],
      bench,
    )
    bench.show({ title: `add, ${CROWD} connections`, results })
    const proofs = [
      await dockets.many.proveOrders(),
      await dockets.none.proveOrders(),
      await proveBooks(many, full),
      await proveBooks('none stored', empty),
    ]
    return {
      claims: [{ work: `add, ${many}`, against: 'none stored', found: ratioOf(results[0]!, results[1]!), unit: '×', atLeast: 0.9 }],
      proofs,
    }
  } finally {
    await Promise.all([dockets.none.stop(), dockets.many.stop()])
  }
}
