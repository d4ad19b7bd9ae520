import type { Gateway } from './gateway.ts'
import { manual } from './gateways/manual.ts'
import { btcpay } from './gateways/btcpay.ts'
import { mercadopago } from './gateways/mercadopago.ts'
import { nowpayments } from './gateways/nowpayments.ts'
import { paypal } from './gateways/paypal.ts'
import { razorpay } from './gateways/razorpay.ts'
import { sepay } from './gateways/sepay.ts'
import { signedHook } from './gateways/signed-hook.ts'
import { stripe } from './gateways/stripe.ts'

/** Every gateway, in the order in which the desk offers them. */
const gateways: readonly Gateway[] = [stripe, paypal, btcpay, nowpayments, mercadopago, razorpay, sepay, signedHook, manual]

const byName = new Map(gateways.map((gateway) => [gateway.name, gateway]))

export function everyGateway(): readonly Gateway[] {
  return gateways
}

/** Whether the gateway can ask for this currency; false too when this version has no such gateway. */
export function takesCurrency(name: string, currency: string): boolean {
  const gateway = byName.get(name)
  return gateway !== undefined && (gateway.currencies === 'any' || gateway.currencies.includes(currency))
}

export function gatewayNamed(name: string): Gateway | undefined {
  return byName.get(name)
}
