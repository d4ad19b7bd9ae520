import type { FastifyReply } from 'fastify'
import type { AnyAct } from '../../../acts/act.ts'
import { paymentMethodAdd } from '../../../acts/payment-method-add.ts'
import { paymentMethodSet } from '../../../acts/payment-method-set.ts'
import { paymentMethodOff, paymentMethodOn } from '../../../acts/payment-method-switch.ts'
import { paymentMethodTest } from '../../../acts/payment-method-test.ts'
import type { Gateway } from '../../../payments/gateway.ts'
import { gatewayNamed } from '../../../payments/gateways.ts'
import { type MethodRow, readMethods } from '../../../payments/methods.ts'
import { findMethodToSetUp } from '../../../payments/set-up.ts'
import { isRefusal, type Refusal, refuse } from '../../../refusal.ts'
import { sendSecretPage } from '../../send.ts'
import { type Faults, NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { leadBack, previewThenDo, runOnDesk } from '../act-routes.ts'
import { type Given, readFields } from '../act-fields.tsx'
import { refusalText } from '../act-words.ts'
import { DESK, type Desk, type DeskContext } from '../desk.ts'
import { faultText } from '../field-faults.ts'
import { numberIn } from '../money/asked.ts'
import { readNewMethod, readMethodChange } from './read-method.ts'

const PAGE = '/payments/methods'

/** Routes the ways to pay: all of them with what can be done at once, a new one, and one of them. */
export function routeMethods(desk: Desk) {
  desk.page(PAGE, 'payments.read', showMethods)
  desk.form(PAGE, 'payments.manage', doAtOnce)
  desk.page(`${PAGE}/new`, 'payments.manage', showNew)
  desk.form(`${PAGE}/new`, 'payments.manage', addMethod)
  desk.page(`${PAGE}/:id`, 'payments.manage', async (context) => showOne(context, await methodOf(context)))
  desk.form(`${PAGE}/:id`, 'payments.manage', async (context) => changeMethod(context, await methodOf(context)))
}

async function showMethods(context: DeskContext) {
  const { methodsPage } = await import('./methods.tsx')
  const [methods, site] = await Promise.all([readMethods(context.db), context.house.site()])
  return context.send(methodsPage(context, { methods, siteUrl: site.url }))
}

/** The acts that need no form. */
const AT_ONCE: readonly AnyAct[] = [paymentMethodTest, paymentMethodOn, paymentMethodOff]

async function doAtOnce(context: DeskContext) {
  const given = context.request.body as Record<string, string>
  const act = AT_ONCE.find(({ name }) => name === given['form:act'])
  if (!act) throw refuse('unknown_field', 'form:act')
  const answer = await runOnDesk(context, act, readFields(act, given).input)
  return leadBack(context, `${DESK}${PAGE}`, answer)
}

async function showNew(context: DeskContext) {
  const { newMethodPage, pickGatewayPage } = await import('./method-form.tsx')
  const gateway = gatewayNamed(context.query.get('gateway') ?? '')
  return context.send(gateway ? newMethodPage(context, { gateway, given: {}, faults: NO_FAULTS }) : pickGatewayPage(context))
}

async function addMethod(context: DeskContext) {
  const { newMethodPage } = await import('./method-form.tsx')
  const { fields, given } = formIn(context)
  const gateway = gatewayNamed(given['gateway'] ?? '')
  if (!gateway) throw refuse('unknown_gateway', given['gateway'] ?? '')
  const again = (faults: Faults, status: number) =>
    sendSecretPage(context.reply, newMethodPage(context, { gateway, given, faults, keepsSecrets: faults === NO_FAULTS }), status)
  return askFirst(context, fields, { act: paymentMethodAdd, input: readNewMethod(gateway, given), given, path: `${PAGE}/new`, again })
}

async function showOne(context: DeskContext, method: MethodRow) {
  const { methodPage } = await import('./method-form.tsx')
  return context.send(methodPage(context, { gateway: gatewayOf(method), method, given: null, faults: NO_FAULTS }))
}

async function changeMethod(context: DeskContext, method: MethodRow) {
  const { methodPage } = await import('./method-form.tsx')
  const { fields, given } = formIn(context)
  const gateway = gatewayOf(method)
  const again = (faults: Faults, status: number) =>
    sendSecretPage(context.reply, methodPage(context, { gateway, method, given, faults, keepsSecrets: faults === NO_FAULTS }), status)
  const input = { method: method.id, ...readMethodChange(gateway, given) }
  return askFirst(context, fields, { act: paymentMethodSet, input, given, path: `${PAGE}/${method.id}`, again })
}

interface AskedFirst {
  readonly act: AnyAct
  readonly input: object
  readonly given: Given
  readonly path: string
  readonly again: (faults: Faults, status: number) => FastifyReply
}

/** The preview of a form, the form again to go on with, or what it does. */
async function askFirst(context: DeskContext, fields: URLSearchParams, { again, path, ...form }: AskedFirst): Promise<FastifyReply> {
  // Secrets that were typed are kept while the form is only looked at again.
  if (fields.get('form:edit') !== null) return again(NO_FAULTS, 200)
  const refused = (refusal: Refusal) => again(faultsOf(context, refusal), UNPROCESSABLE)
  return previewThenDo(context, fields, { ...form, action: DESK + path, back: `${DESK}${PAGE}`, refused })
}

/** The fields of the form, without those that say what is to be done with it. */
function formIn({ request }: DeskContext): { readonly fields: URLSearchParams; readonly given: Given } {
  const fields = new URLSearchParams(request.body as Record<string, string>)
  return { fields, given: Object.fromEntries([...fields].filter(([name]) => name !== 'csrf' && !name.startsWith('form:'))) }
}

async function methodOf({ db, params }: DeskContext): Promise<MethodRow> {
  return findMethodToSetUp(db, numberIn(params['id']) ?? 0)
}

function gatewayOf({ gateway: name }: MethodRow): Gateway {
  const gateway = gatewayNamed(name)
  if (!gateway) throw refuse('unknown_gateway', name)
  return gateway
}

/** Throws whatever is no answer to the form again. */
function faultsOf({ ui: { frame } }: DeskContext, refusal: Refusal): Faults {
  if (!refusal.isAnswer) throw refusal
  if (!isRefusal(refusal, 'incorrect_act_field')) return { form: refusalText(frame.texts, refusal) }
  const [field, why] = refusal.values
  return { [field]: faultText(frame.texts, why) }
}
