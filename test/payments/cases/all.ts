import type { GatewayCase } from '../gateway-case.ts'
import { btcpayCase } from './btcpay.ts'
import { mercadopagoCase } from './mercadopago.ts'
import { nowpaymentsCase } from './nowpayments.ts'
import { paypalCase } from './paypal.ts'
import { razorpayCase } from './razorpay.ts'
import { sepayCase } from './sepay.ts'
import { signedHookCase } from './signed-hook.ts'
import { stripeCase } from './stripe.ts'

/** Every gateway whose other side can be played, for the suites that promise the same of each. */
export const allCases: readonly GatewayCase[] = [
  btcpayCase,
  mercadopagoCase,
  nowpaymentsCase,
  paypalCase,
  razorpayCase,
  sepayCase,
  signedHookCase,
  stripeCase,
]
