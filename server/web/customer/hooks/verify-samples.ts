/** Code with which a receiver checks that a message is ours, in the languages most receivers are written in. Each sample runs as it is and needs
 * only the standard library: test/web/verify-samples.test.ts runs those whose language is installed. */
export interface VerifySample {
  readonly id: 'node' | 'php' | 'python' | 'go'
  readonly name: string
  readonly code: string
}

const node = `import { createHmac, timingSafeEqual } from 'node:crypto'

// headers: names in lower case; body: the text exactly as received, before parsing.
export function isGenuine(headers, body, secret) {
  const id = headers['webhook-id'] ?? ''
  const time = headers['webhook-timestamp'] ?? ''
  if (!(Math.abs(Date.now() / 1000 - Number(time)) < 300)) return false
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const right = createHmac('sha256', key).update(\`\${id}.\${time}.\${body}\`).digest()
  return (headers['webhook-signature'] ?? '').split(' ').some((part) => {
    const given = Buffer.from(part.replace('v1,', ''), 'base64')
    return given.length === right.length && timingSafeEqual(given, right)
  })
}`

const php = `<?php
// $headers: names in lower case; $body: file_get_contents('php://input').
function is_genuine(array $headers, string $body, string $secret): bool
{
    $id = $headers['webhook-id'] ?? '';
    $time = $headers['webhook-timestamp'] ?? '';
    if (abs(time() - (int) $time) >= 300) {
        return false;
    }
    $key = base64_decode(str_replace('whsec_', '', $secret));
    $right = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$time.$body", $key, true));
    foreach (explode(' ', $headers['webhook-signature'] ?? '') as $given) {
        if (hash_equals($right, $given)) {
            return true;
        }
    }
    return false;
}`

const python = `import base64, hashlib, hmac, time

# headers: names in lower case; body: the bytes exactly as received.
def is_genuine(headers, body, secret):
    sent = headers.get('webhook-timestamp', '0')
    if not sent.isdigit() or abs(time.time() - int(sent)) >= 300:
        return False
    key = base64.b64decode(secret.removeprefix('whsec_'))
    signed = f"{headers.get('webhook-id', '')}.{sent}.".encode() + body
    right = 'v1,' + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    given = headers.get('webhook-signature', '').split(' ')
    return any(hmac.compare_digest(right, one) for one in given)`

const go = `package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// header: the request's; body: the bytes exactly as received, from io.ReadAll(r.Body).
func isGenuine(header http.Header, body []byte, secret string) bool {
	id, sent := header.Get("webhook-id"), header.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(sent, 10, 64)
	if err != nil || time.Since(time.Unix(seconds, 0)).Abs() >= 5*time.Minute {
		return false
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + sent + "."))
	mac.Write(body)
	right := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for _, given := range strings.Split(header.Get("webhook-signature"), " ") {
		if hmac.Equal([]byte(given), []byte(right)) {
			return true
		}
	}
	return false
}`

export const verifySamples: readonly VerifySample[] = [
  { id: 'node', name: 'Node', code: node },
  { id: 'php', name: 'PHP', code: php },
  { id: 'python', name: 'Python', code: python },
  { id: 'go', name: 'Go', code: go },
]
