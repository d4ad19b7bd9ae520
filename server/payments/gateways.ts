import type { Gateway } from './gateway.ts'
import { manual } from './gateways/manual.ts'
import { nowpayments } from './gateways/nowpayments.ts'
import { signedHook } from './gateways/signed-hook.ts'

/** Every gateway, in the order in which the desk offers them. */
const gateways: readonly Gateway[] = [manual, nowpayments, signedHook]

const byName = new Map(gateways.map((gateway) => [gateway.name, gateway]))

export function everyGateway(): readonly Gateway[] {
  return gateways
}

export function gatewayNamed(name: string): Gateway | undefined {
  return byName.get(name)
}
