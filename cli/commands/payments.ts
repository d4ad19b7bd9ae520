import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { bonusGive } from '../../server/acts/bonus-give.ts'
import { paymentApprove } from '../../server/acts/payment-approve.ts'
import { paymentDecide } from '../../server/acts/payment-decide.ts'
import { paymentDecline } from '../../server/acts/payment-decline.ts'
import { paymentGiveBack } from '../../server/acts/payment-give-back.ts'
import { paymentLook } from '../../server/acts/payment-look.ts'
import { paymentMethodAdd } from '../../server/acts/payment-method-add.ts'
import { paymentMethodSet } from '../../server/acts/payment-method-set.ts'
import { paymentMethodOff, paymentMethodOn } from '../../server/acts/payment-method-switch.ts'
import { paymentMethodTest } from '../../server/acts/payment-method-test.ts'
import { shownMethod, shownPayment } from '../../server/operator-api/payment-lists.ts'
import { findPayments } from '../../server/payments/find-payments.ts'
import { readMethods } from '../../server/payments/methods.ts'
import { receiptsOfPayment } from '../../server/payments/receipts.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { type Json, print, table } from '../output.ts'

const MOST = 100

/** Money that comes in, and the ways to pay. */
export function addPaymentCommands(program: Command) {
  const payment = program.command('payment').description('payments of customers: list, decide, approve, decline, give back')
  addPaymentList(payment)
  for (const act of [paymentDecide, paymentApprove, paymentDecline, paymentLook, paymentGiveBack]) addAct(payment, act)

  const method = program.command('payment-method').description('ways to pay: add, list, change, test, switch on and off')
  addAct(method, paymentMethodAdd, { amend: withTypedSecrets })
  addMethodList(method)
  addAct(method, paymentMethodSet, { amend: withTypedSecrets })
  for (const act of [paymentMethodTest, paymentMethodOn, paymentMethodOff]) addAct(method, act)

  addAct(program.command('bonus').description('money that is given'), bonusGive)
}

/** A secret among the arguments can be read by everybody on this machine who lists its processes: `name=-` reads it from standard input. */
async function withTypedSecrets(input: Record<string, unknown>): Promise<Record<string, unknown>> {
  const given = input['secrets'] as readonly string[] | undefined
  const typed = given?.find((secret) => secret.endsWith('=-'))
  if (given === undefined) return input
  if (typed === undefined) {
    process.stderr.write('docket: a secret among the arguments can be seen in the list of processes: better --secrets name=-\n')
    return input
  }
  const secret = `${typed.slice(0, -1)}${(await text(process.stdin)).trim()}`
  return { ...input, secrets: given.map((each) => (each === typed ? secret : each)) }
}

function addPaymentList(payment: Command) {
  payment
    .command('list')
    .description(`the ${MOST} newest payments, with what came for those that need a decision`)
    .option('--review', 'only those that need a decision')
    .option('--json', 'answer in JSON')
    .action((options: Json & { review?: true }) =>
      withDatabase(async (db) => {
        const found = await findPayments(db, options.review ? { state: 'review' } : {}, { before: null, most: MOST })
        const waiting = found.filter(({ state }) => state === 'review')
        const receipts = (await Promise.all(waiting.map(({ id }) => receiptsOfPayment(db, id))))
          .flat()
          .filter(({ state }) => state === 'review')
        const lines = found.map((row) => [
          String(row.id),
          row.reference,
          row.state,
          String(row.accountId),
          `${row.asked} ${row.currency}`,
          receipts
            .filter(({ paymentId }) => paymentId === row.id)
            .map(({ id, amount, currency, why }) => `receipt ${id}: ${amount} ${currency} (${why})`)
            .join('; '),
        ])
        print(options.json, found.map(shownPayment), table(['id', 'reference', 'state', 'account', 'asked', 'waits'], lines))
      }),
    )
}

function addMethodList(method: Command) {
  method
    .command('list')
    .description('all ways to pay; never their secrets')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const rows = await readMethods(db)
        const lines = rows.map(({ id, name, gateway, isOn, workedAt, fault }) => [
          String(id),
          name,
          gateway,
          isOn ? 'on' : 'off',
          fault ?? (workedAt === null ? 'not tested yet' : 'works'),
        ])
        print(options.json, rows.map(shownMethod), table(['id', 'name', 'gateway', '', ''], lines))
      }),
    )
}
