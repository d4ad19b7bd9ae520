import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { PaymentRow } from '../../../payments/payments.ts'
import { LARGEST_PICTURE } from '../../../payments/pictures.ts'
import { keepProof } from '../../../payments/proofs.ts'
import { readProof } from '../../../payments/read-payment.ts'
import { isRefusal, refuse } from '../../../refusal.ts'
import { readMultipart } from '../../../requests/multipart.ts'
import type { Texts } from '../../../texts/texts.ts'
import { sendPicture } from '../../send-picture.ts'
import { sendOwnPage } from '../../send.ts'
import type { Web } from '../../web.ts'
import { nothingHerePage } from '../app-frame.tsx'
import { pictureFault } from '../../ui/picture-fault.ts'
import { onPayment, type PayContext } from './pay-context.ts'

type ShowFault = (context: PayContext, payment: PaymentRow, fault: string) => Promise<FastifyReply>

/** Routes the picture that proves a transfer: the customer sends it, and sees it again. */
export function routeProofs(pages: FastifyInstance, web: Web, showFault: ShowFault) {
  pages.get('/funds/payments/:id/proof', onPayment(web, showProof))
  // In a scope of its own, because few pages of customers accept pictures.
  void pages.register(async (own: FastifyInstance) => {
    own.addContentTypeParser('multipart/form-data', readUpload)
    own.post(
      '/funds/payments/:id/proof',
      onPayment(web, (context, payment) => takeProof(context, payment, showFault)),
    )
  })
}

async function showProof({ reply, ui, orders }: PayContext, payment: PaymentRow): Promise<FastifyReply> {
  const proof = await readProof(orders.db, payment.id)
  return proof ? sendPicture(reply, proof) : sendOwnPage(reply, nothingHerePage(ui), 404)
}

async function takeProof(context: PayContext, payment: PaymentRow, showFault: ShowFault): Promise<FastifyReply> {
  const { request, reply, payments, ui } = context
  const { picture } = request.body as { picture?: unknown }
  try {
    await keepProof(payments.db, payment.id, Buffer.isBuffer(picture) ? picture : Buffer.alloc(0), payments.now())
    return reply.redirect(`/funds/payments/${payment.id}`, 303)
  } catch (error) {
    return showFault(context, payment, faultText(ui.frame.texts, error))
  }
}

function faultText(texts: Texts, error: unknown): string {
  const fault = isRefusal(error, 'payment_takes_no_proof') ? texts.text('payments.proof.notNeeded') : pictureFault(texts, error)
  if (fault === undefined) throw error
  return fault
}

/** Reads the form to its end, so that its sender sees why it is refused; more than a picture may have is not kept. */
async function readUpload(request: FastifyRequest, payload: NodeJS.ReadableStream): Promise<Record<string, unknown>> {
  const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  await readMultipart(request.headers['content-type'], payload, {
    limits: { fieldSize: 1000, fields: 5, fileSize: LARGEST_PICTURE + 1, files: 1 },
    onField: (name, value) => void (fields[name] = value),
    onFile: (name, bytes) => void (fields[name] = bytes),
  }).catch(() => {
    throw refuse('form_unreadable')
  })
  return fields
}
