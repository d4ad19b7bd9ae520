import { describe, expect, test } from 'vitest'
import {
  type Concerns,
  readConcerns,
  readReason,
  readRequestRefusal,
  saysAccountRefused,
  saysKeyRefused,
} from '../../server/suppliers/refusal-words.ts'
import type { RefusalReason } from '../../server/suppliers/supplier.ts'

describe('why an order is refused', () => {
  const reasons: readonly [string, RefusalReason][] = [
    ['Not enough funds on balance', 'funds'],
    ['neworder.error.not_enough_funds', 'funds'],
    ['neworder.error.insufficient_balance', 'funds'],
    ['Insufficient balance', 'funds'],
    ['Your balance is too low', 'funds'],
    ['Not enough funds on the account of this API key', 'funds'],
    ['Please recharge your account', 'funds'],
    ['No funds', 'funds'],

    ['Invalid API key', 'account'],
    ['Incorrect API key, balance is not shown', 'account'],
    ['Invalid API key: no balance for it', 'account'],
    ['API key not found', 'account'],
    ['invalid_key', 'account'],
    ['Invalid key', 'account'],
    ['Wrong access key', 'account'],
    ['Key is required', 'account'],
    ['error.incorrect_token', 'account'],
    ['Token has been revoked', 'account'],
    ['Unauthorized', 'account'],
    ['Unauthenticated.', 'account'],
    ['Authentication failed', 'account'],
    ['Forbidden', 'account'],
    ['Insufficient permissions', 'account'],
    ['Insufficient privileges to use funds', 'account'],
    ['Your account is suspended', 'account'],
    ['Your account has been blocked', 'account'],
    ['API is disabled for your account', 'account'],
    ['IP is not whitelisted', 'account'],

    ['You have active order with this link. Please wait until order being completed.', 'limits'],
    ['neworder.error.link_duplicate', 'limits'],
    ['Too many requests', 'limits'],
    ['Requests limit exceeded', 'limits'],
    ['The panel is under maintenance', 'limits'],
    ['Temporarily unavailable', 'limits'],

    ['Quantity less than minimal 10', 'quantity'],
    ['neworder.error.min_quantity', 'quantity'],
    ['neworder.error.max_quantity', 'quantity'],
    ['Min is 50', 'quantity'],
    ['Incorrect link', 'link'],
    ['Bad Link', 'link'],
    ['neworder.error.link', 'link'],
    ['This account is private', 'link'],
    ['Incorrect service ID', 'service'],
    ['error.incorrect_service_id', 'service'],
    ['Service is disabled', 'service'],
    ['This service has no refund', 'service'],
    ['This services does not support Dripfeed feature!', 'service'],
    ['comments_field_is_required', 'other'],
    ['Incorrect keyword', 'other'],
    ['Price is now 0.90000', 'other'],
  ]
  test.each(reasons)('"%s" is about %s', (words, reason) => {
    expect(readReason(words)).toBe(reason)
  })
})

describe('whom a refusal of a list may be about', () => {
  const cases: readonly [string, Concerns][] = [
    ['Order is in moderation', 'one'],
    ['Incorrect order ID', 'one'],
    ['Order is suspended', 'one'],
    ['You have no permission for this order', 'one'],
    ['Refill limit is reached', 'one'],
    ['Incorrect request', 'one'],
    ['Invalid API key', 'any'],
    ['Invalid API key for orders', 'any'],
    ['Access denied', 'any'],
    ['User not found', 'any'],
    ['Something went wrong', 'any'],
    ['SQLSTATE[42S22]: order', 'any'],
    ['Please try again later', 'any'],
    ['Not enough funds', 'any'],
    ['Too many requests', 'none'],
    ['The panel is under maintenance, try later', 'none'],
  ]
  test.each(cases)('"%s": %s', (words, concerns) => {
    expect(readConcerns(words)).toBe(concerns)
  })
})

describe('what became of a cancel or a refill that was refused', () => {
  const cases: readonly [string, ReturnType<typeof readRequestRefusal>][] = [
    ['Order cannot be canceled', 'refused'],
    ['Refill is not available for this order', 'refused'],
    ['Cancel was already requested', 'refused'],
    ['Order can be refilled later', 'refused'],
    ['Access denied', 'refused'],
    ['You have no permission to cancel', 'refused'],
    ['Order is suspended', 'refused'],
    ['Invalid API key', 'not now'],
    ['Your account is suspended', 'not now'],
    ['Too many requests', 'not now'],
    ['The panel is under maintenance', 'not now'],
    ['Please try again later', 'not now'],
    ['Something went wrong', 'unknown'],
    ['Internal server error', 'unknown'],
  ]
  test.each(cases)('"%s": %s', (words, came) => {
    expect(readRequestRefusal(words)).toBe(came)
  })
})

describe('a wrong key', () => {
  const cases: readonly [string, boolean, boolean][] = [
    ['Invalid API key', true, true],
    ['Invalid API key, no balance is shown', true, true],
    ['Your account is suspended', true, true],
    ['Access denied', false, true],
    ['Not enough funds for this API key', false, false],
    ['Order is suspended', false, true],
    ['HTTP 401: <h1>Login</h1>', false, true],
    ['HTTP 403: <h1>Forbidden</h1>', false, false],
    ['HTTP 502: <h1>Bad gateway</h1>', false, false],
    ['Incorrect order ID', false, false],
  ]
  test.each(cases)('"%s": it is our key for sure (%s), it is our key when nothing is answered (%s)', (words, surely, ofAll) => {
    expect([saysKeyRefused(words), saysAccountRefused(words)]).toEqual([surely, ofAll])
  })
})
