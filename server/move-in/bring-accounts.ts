import { bringAccounts, type BroughtAccount, takenHere } from '../customers/bring-accounts.ts'
import { transaction } from '../db/pool.ts'
import { openBooks } from '../ledger/open-books.ts'
import { type Moving, noteMoved } from './moving.ts'
import type { OddRow } from './oddities.ts'
import type { PanelAccount } from './panel.ts'
import { addressOfNobody } from './shape.ts'

/** Opens accounts under their own numbers, with an empty book and a person without a password. */
export async function bringAccountsOf(moving: Moving, accounts: readonly PanelAccount[]): Promise<void> {
  const { db, here, findings, dryRun, currency, now } = moving
  const count = findings.counts.accounts
  const wanted = accounts.filter(({ id }) => !here.accounts.has(id))
  const fresh = await bringable(moving, wanted)
  if (!dryRun) {
    await transaction(db, async (tx) => {
      await bringAccounts(tx, fresh, currency, now)
      await openBooks(tx, fresh.map(({ id }) => id), currency) // prettier-ignore
      await noteMoved(tx, moving, 'account', fresh.map(({ id }) => [id, id])) // prettier-ignore
      await moving.steps.note(tx, { accounts: fresh.length })
    })
  }
  for (const { id } of fresh) here.accounts.add(id)
  count.here = accounts.length - wanted.length
  count.brought = fresh.length
  count.leftOut = count.read - count.here - count.brought
}

/** Those whose number is free. An address that somebody has already is replaced by one that nobody reads, because the money must come over. */
async function bringable({ db, findings }: Moving, accounts: readonly PanelAccount[]): Promise<BroughtAccount[]> {
  const taken = await takenHere(db, accounts)
  const emails = new Set(taken.emails)
  return accounts.flatMap((account) => {
    const row: OddRow = ['account', account.id]
    if (taken.ids.has(account.id)) {
      findings.odd('account_number_taken', row, account.email)
      return []
    }
    const isTaken = emails.has(account.email.toLowerCase())
    if (isTaken) findings.odd('account_address_taken', row, account.email)
    const email = isTaken ? addressOfNobody(account.id) : account.email
    emails.add(email.toLowerCase())
    const { id, locale, suspended, createdAt } = account
    return [{ id, email, locale, suspended, createdAt }]
  })
}
