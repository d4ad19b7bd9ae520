import { randomUUID } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { supplierImport } from '../../../acts/supplier-import.ts'
import type { SupplierSeen } from '../../../fulfilment/side-by-side.ts'
import { isRefusal } from '../../../refusal.ts'
import { type Faults, NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { fieldsOf, type Given, readFields } from '../act-fields.tsx'
import { runOnDesk } from '../act-routes.ts'
import { refusalText } from '../act-words.ts'
import type { DeskContext } from '../desk.ts'

/** The form of an import, filled in with what the address says. */
export async function showImport(context: DeskContext, seen: SupplierSeen): Promise<FastifyReply> {
  return askAgain(context, seen, givenIn(context.query, seen), NO_FAULTS, 200)
}

/** Reads the supplier's list and shows every row that would change, before anything does. */
export async function takeImport(context: DeskContext, seen: SupplierSeen): Promise<FastifyReply> {
  const fields = new URLSearchParams(context.request.body as Record<string, string>)
  const given = givenIn(fields, seen)
  const { input, faults } = readFields(supplierImport, given)
  if (fields.get('form:edit') !== null) return askAgain(context, seen, given, NO_FAULTS, 200)
  if (Object.keys(faults).length > 0) return askAgain(context, seen, given, faults)
  try {
    const { result } = await runOnDesk(context, supplierImport, input, { dryRun: true })
    const { importDiffPage } = await import('./import.tsx')
    return await context.send(importDiffPage(context, { seen, given, result, requestKey: `desk ${randomUUID()}` }))
  } catch (error) {
    if (!isRefusal(error)) throw error
    return askAgain(context, seen, given, { form: refusalText(context.ui.frame.texts, error) })
  }
}

async function askAgain(context: DeskContext, seen: SupplierSeen, given: Given, faults: Faults, status = UNPROCESSABLE) {
  const { importPage } = await import('./import.tsx')
  return context.send(importPage(context, { seen, given, faults }), status)
}

function givenIn(parameters: URLSearchParams, seen: SupplierSeen): Given {
  const given = fieldsOf(supplierImport).flatMap(({ name }) => (parameters.get(name) === null ? [] : [[name, parameters.get(name)!]]))
  return { ...Object.fromEntries(given), name: seen.name }
}
