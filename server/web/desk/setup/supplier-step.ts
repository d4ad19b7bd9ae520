import type { FastifyReply } from 'fastify'
import { supplierAdd } from '../../../acts/supplier-add.ts'
import { tryBeforeAdding } from '../../../acts/try-before-adding.ts'
import type { OurAccount } from '../../../fulfilment/try-supplier.ts'
import { isRefusal } from '../../../refusal.ts'
import { readSuppliers } from '../../../suppliers/registry.ts'
import { sendSecretPage } from '../../send.ts'
import { type Faults, NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { runOnDesk } from '../act-routes.ts'
import { refusalText } from '../act-words.ts'
import type { DeskContext } from '../desk.ts'
import { bodyOf } from '../settings/settings-routes.ts'
import { readProgress } from './progress.ts'

export interface TypedSupplier {
  readonly name: string
  readonly url: string
  readonly key: string
  readonly privateNetwork: boolean
}

const NOTHING_TYPED: TypedSupplier = { name: '', url: '', key: '', privateNetwork: false }

interface Shown {
  readonly typed?: TypedSupplier
  readonly account?: OurAccount
  readonly faults?: Faults
}

export async function showSupplier(
  context: DeskContext,
  { typed = NOTHING_TYPED, account, faults = NO_FAULTS }: Shown = {},
): Promise<FastifyReply> {
  const { supplierPage } = await import('./supplier.tsx')
  const suppliers = (await readSuppliers(context.db)).filter(({ protocol }) => protocol !== 'simulated')
  const view = { progress: await readProgress(context.db), suppliers, typed, account, faults }
  // The page has the key that was typed, so that it need not be typed again.
  return sendSecretPage(context.reply, supplierPage(context, view), faults === NO_FAULTS ? 200 : UNPROCESSABLE)
}

/** Tests the connection, or adds the supplier. A supplier that refuses our key is added only when its button is pressed again, knowing that. */
export async function takeSupplier(context: DeskContext): Promise<FastifyReply> {
  const typed = bodyOf(context)
  const supplier = {
    name: (typed['name'] ?? '').trim(),
    url: (typed['url'] ?? '').trim(),
    key: (typed['key'] ?? '').trim(),
    privateNetwork: typed['private_network'] === 'on',
  }
  const refused = (error: unknown) => {
    if (!isRefusal(error)) throw error
    return showSupplier(context, { typed: supplier, faults: { form: refusalText(context.ui.frame.texts, error) } })
  }
  try {
    if (typed['way'] === 'hand') {
      const { result } = await runOnDesk(context, supplierAdd, { name: supplier.name || 'staff', protocol: 'manual' })
      return toServices(context, result.name)
    }
    if (typed['way'] === 'simulated') return toServices(context, 'simulated')
    if (typed['press'] !== 'save')
      return showSupplier(context, { typed: supplier, account: await tryBeforeAdding(context.house, supplier) })
    const { privateNetwork, ...given } = supplier
    const { result } = await runOnDesk(context, supplierAdd, { ...given, private_network: privateNetwork })
    return toServices(context, result.name)
  } catch (error) {
    return refused(error)
  }
}

function toServices({ reply }: DeskContext, supplier: string): FastifyReply {
  return reply.redirect(`/desk/setup/services?${new URLSearchParams({ supplier }).toString()}`, 303)
}
