import type { Visit } from './account-context.ts'
import { addressSubject } from './address.ts'
import type { Allowance } from './attempts.ts'
import { shortDigest } from './token.ts'

/**
 * Attempts at a password are counted by network address first, then by person; a known browser is counted apart from strangers. A right attempt does
 * not count, so nobody can lock a person out for good. `whose` names the person, like `user 5`.
 */
export function passwordAllowances(whose: string, knownBrowser: boolean, visit: Visit): Allowance[] {
  return [
    { subject: `sign-in from ${addressSubject(visit.address)}`, atOnce: 30, pauseSeconds: 20 },
    ofPerson('sign-in', whose, knownBrowser, visit),
  ]
}

/** Attempts at a code, which only somebody who knows the password has. */
export function codeAllowances(whose: string, knownBrowser: boolean, visit: Visit): Allowance[] {
  return [ofPerson('code', whose, knownBrowser, visit)]
}

function ofPerson(what: string, whose: string, knownBrowser: boolean, visit: Visit): Allowance {
  return knownBrowser
    ? { subject: `${what} in browser ${shortDigest(visit.browser!)} of ${whose}`, atOnce: 10, pauseSeconds: 60 }
    : { subject: `${what} of ${whose}`, atOnce: 10, pauseSeconds: 600 }
}

/** Sign-ins by a provider that a browser begins: each makes a row, and may ask the provider something. */
export function providerAllowances(visit: Visit): Allowance[] {
  return [{ subject: `provider sign-ins from ${addressSubject(visit.address)}`, atOnce: 30, pauseSeconds: 20 }]
}

/** The limits keep a stranger from filling somebody's mailbox, and from making us write to many addresses. */
export function mailAllowances(email: string, visit: Visit): Allowance[] {
  return [...openingAllowances(visit), { subject: `mails asked to ${shortDigest(email.toLowerCase())}`, atOnce: 3, pauseSeconds: 1200 }]
}

/** Accounts that are opened by a provider take from the same attempts as mails that are asked for, so a second way in doubles nothing. */
export function openingAllowances(visit: Visit): Allowance[] {
  return [{ subject: `mails asked from ${addressSubject(visit.address)}`, atOnce: 10, pauseSeconds: 300 }]
}
