import type { GatewayCase } from '../gateway-case.ts'
import { stripeCase } from './stripe.ts'

/** Every gateway whose other side can be played, for the suites that promise the same of each. */
export const allCases: readonly GatewayCase[] = [stripeCase]
