import type { Catalogue } from '../catalog/catalogue.ts'
import type { PricedOrder } from '../orders/priced-order.ts'
import { isAnswer } from '../refusal.ts'
import type { OrderContext } from './call.ts'

/**
 * Places an order, or refuses it by the newest catalogue: a node that has not heard of a change yet checks before it refuses. Only a refused order
 * costs this check of the version.
 */
export async function placeByNewest(
  context: Pick<OrderContext, 'placing' | 'catalogue'>,
  bookId: number,
  price: (catalogue: Catalogue) => PricedOrder,
): Promise<bigint> {
  let pricedBy = -1n
  try {
    return await context.placing.place(bookId, (catalogue) => {
      pricedBy = catalogue.version
      return price(catalogue)
    })
  } catch (error) {
    const byCatalogue = isAnswer(error) && error.code !== 'not_enough_funds'
    if (!byCatalogue || (await context.catalogue.newest()).version === pricedBy) throw error
    return placeByNewest(context, bookId, price)
  }
}
