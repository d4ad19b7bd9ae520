import { randomBytes } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { changeCatalogue } from '../../../catalog/catalogue.ts'
import { actorOf } from '../../../customers/account-context.ts'
import { addKey, keyOfForm, type KeyRow, revokeKey, setKeyLimits } from '../../../customers/keys.ts'
import { isRefusal } from '../../../refusal.ts'
import type { OwnContext } from '../own-context.ts'
import { type Proof, proved } from '../proof.tsx'
import { field } from '../../form-faults.ts'
import { type Faults, NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { sendOwnPage } from '../../send.ts'
import { namedServices } from '../services/service-name.ts'
import type { KeyFormView } from './key-fields.tsx'
import { EMPTY_KEY, readKey, typedAgain, type TypedKey, typedKey } from './key-form.ts'

export function showNew(context: OwnContext): Promise<FastifyReply> {
  return drawForm(context, null, { typed: EMPTY_KEY, faults: NO_FAULTS, form: newForm() })
}

function newForm(): string {
  return randomBytes(16).toString('base64url')
}

export async function takeNew(context: OwnContext): Promise<FastifyReply> {
  const { request, reply, ui, session, orders, visit } = context
  const sent = field(request, 'form')
  const form = /^[\w-]{22}$/.test(sent) ? sent : newForm()
  const filled = { typed: typedKey(request), form }
  if (field(request, 'step') !== 'save') return drawStep(context, null, filled)
  const read = await readProved(context, filled.typed)
  if (Object.keys(read.faults).length > 0) return drawForm(context, null, { ...filled, ...read }, UNPROCESSABLE)
  const { label, kind } = filled.typed
  try {
    const wanted = { test: kind === 'test', label, limits: read.limits, form }
    const { id, key } = await addKey(orders.db, session.accountId, wanted, orders.now(), actorOf(visit, session.userId))
    const { madeKeyPage } = await import('./key-pages.tsx')
    return await sendOwnPage(reply, madeKeyPage(ui, { id, key, label }))
  } catch (error) {
    if (isRefusal(error, 'key_form_used')) return toKeyOfForm(context, form)
    if (!isRefusal(error, 'too_many_keys')) throw error
    const faults = { form: ui.frame.texts.text('keys.fault.tooMany') }
    return drawForm(context, null, { ...filled, ...read, faults }, UNPROCESSABLE)
  }
}

/** The form was submitted twice: its key exists and was shown the first time. */
async function toKeyOfForm({ reply, session, orders }: OwnContext, form: string): Promise<FastifyReply> {
  const id = await keyOfForm(orders.db, session.accountId, form)
  return reply.redirect(id === undefined ? '/keys' : `/keys/${id}?done=made`, 303)
}

export async function showEdit(context: OwnContext, key: KeyRow): Promise<FastifyReply> {
  if (key.revokedAt) return context.reply.redirect(`/keys/${key.id}`, 303)
  return drawForm(context, key, { typed: typedAgain(key), faults: NO_FAULTS, form: null })
}

export async function takeEdit(context: OwnContext, key: KeyRow): Promise<FastifyReply> {
  const { request, reply, session, orders, visit } = context
  if (key.revokedAt) return reply.redirect(`/keys/${key.id}`, 303)
  const filled = { typed: typedKey(request), form: null }
  if (field(request, 'step') !== 'save') return drawStep(context, key, filled)
  const read = await readProved(context, filled.typed)
  if (Object.keys(read.faults).length > 0) return drawForm(context, key, { ...filled, ...read }, UNPROCESSABLE)
  const by = { actor: actorOf(visit, session.userId), accountId: session.accountId }
  const wanted = { ...read.limits, label: filled.typed.label }
  await changeCatalogue(orders.db, (tx) => setKeyLimits(tx, key.id, wanted, orders.now(), by))
  return reply.redirect(`/keys/${key.id}?done=changed`, 303)
}

/** Reads the limits and checks the user's proof. All faults are reported together. */
async function readProved(context: OwnContext, typed: TypedKey) {
  const { ui, session, orders } = context
  const read = readKey(typed, orders.catalogue.current().services, ui.frame.texts, orders.now())
  const { proof, faults } = await proved(context, session)
  return { limits: read.limits, proof, faults: { ...read.faults, ...faults } }
}

type Filled = Pick<KeyFormView, 'typed' | 'faults' | 'form'> & Partial<Pick<KeyFormView, 'proof' | 'named'>>

/** Answers a button of the form that saves nothing. */
function drawStep(context: OwnContext, key: KeyRow | null, filled: { typed: TypedKey; form: string | null }): Promise<FastifyReply> {
  const { request, ui, orders, visit } = context
  const typed = field(request, 'step') === 'address' ? withAddress(filled.typed, visit.address) : filled.typed
  const { limits, faults } = readKey(typed, orders.catalogue.current().services, ui.frame.texts, orders.now())
  const services: Faults = faults['services'] === undefined ? NO_FAULTS : { services: faults['services'] }
  return drawForm(context, key, {
    ...filled,
    typed,
    faults: services,
    named: limits.serviceIds && namedServices(context, limits.serviceIds),
  })
}

function withAddress(typed: TypedKey, address: string): TypedKey {
  const plain = plainAddress(address)
  const networks = typed.networks.split(/[\s,]+/).filter(Boolean)
  return networks.includes(plain) ? typed : { ...typed, networks: [...networks, plain].join('\n') }
}

/** An IPv4 address without the IPv6 prefix that Node puts before it. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '')
}

async function drawForm(context: OwnContext, key: KeyRow | null, filled: Filled, status = 200): Promise<FastifyReply> {
  const { reply, ui, session, visit } = context
  const { texts } = ui.frame
  const { keyFormPage } = await import('./key-pages.tsx')
  const view: KeyFormView = {
    action: key ? `/keys/${key.id}/edit` : '/keys/new',
    address: plainAddress(visit.address),
    named: null,
    proof: session,
    submit: texts.text(key ? 'account.save' : 'keys.make'),
    ...filled,
  }
  return sendOwnPage(reply, keyFormPage(ui, texts.text(key ? 'keys.edit' : 'keys.new'), view), status)
}

export async function showRevoke(context: OwnContext, key: KeyRow, faults = NO_FAULTS, proof: Proof = context.session, status = 200): Promise<FastifyReply> {
  const { reply, ui } = context
  if (key.revokedAt) return reply.redirect(`/keys/${key.id}`, 303)
  const { revokeKeyPage } = await import('./key-pages.tsx')
  return sendOwnPage(reply, revokeKeyPage(ui, key, proof, faults), status)
} // prettier-ignore

export async function takeRevoke(context: OwnContext, key: KeyRow): Promise<FastifyReply> {
  const { reply, session, orders, visit } = context
  const { proof, faults } = await proved(context, session)
  if (Object.keys(faults).length > 0) return showRevoke(context, key, faults, proof, UNPROCESSABLE)
  await revokeKey(orders.db, key.id, orders.now(), { actor: actorOf(visit, session.userId), accountId: session.accountId })
  return reply.redirect(`/keys/${key.id}?done=revoked`, 303)
}
