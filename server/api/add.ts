import { placeOrder } from '../ordering/place-order.ts'
import { retryOf } from '../ordering/retry.ts'
import type { Handler } from './context.ts'

export const add: Handler = async (context, call) => `{"order":${await placeOrder(context, call, retryOf(call))}}`
