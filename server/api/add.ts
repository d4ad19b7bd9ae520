import { placeOrder } from '../ordering/place-order.ts'
import { retryOf } from '../ordering/retry.ts'
import type { Handler } from './desk.ts'

export const add: Handler = async (desk, call) => `{"order":${await placeOrder(desk, call, retryOf(call))}}`
