import type { RequestListener } from 'node:http'
import type { Refusal } from '../refusal.ts'

/** Answers before any panel has seen the request. */
export function answering(refusal: Refusal, status = refusal.status): RequestListener {
  const text = JSON.stringify({ error: refusal.message, code: refusal.code })
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'retry-after': '1', 'cache-control': 'no-store' })
    response.end(text)
  }
}
