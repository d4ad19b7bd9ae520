import { aboutScopes } from '../../../../contract/scopes.ts'
import type { KeyRow } from '../../../customers/keys.ts'
import type { Texts } from '../../../texts/texts.ts'

export type KeyState = 'on' | 'expired' | 'revoked'

export function keyState({ revokedAt, expiresAt }: KeyRow, now: Date): KeyState {
  if (revokedAt) return 'revoked'
  return expiresAt && expiresAt <= now ? 'expired' : 'on'
}

/** The name that a person has given the key, or its first characters if it has none. */
export function keyName({ label, prefix }: Pick<KeyRow, 'label' | 'prefix'>): string {
  return label === '' ? `${prefix}…` : label
}

export function KeyBadges({ texts, test, state }: { readonly texts: Texts; readonly test: boolean; readonly state: KeyState }) {
  return (
    <>
      <span class="badge">{texts.text(test ? 'keys.test' : 'keys.live')}</span>
      {state !== 'on' && <span class="badge warn">{texts.text(`keys.state.${state}`)}</span>}
    </>
  )
}

/** The start of a key, by which users find it in a program's settings. */
export function KeyPrefix({ prefix }: { readonly prefix: string }) {
  return <code dir="ltr">{prefix}…</code>
}

export function scopeWords(texts: Texts, scopes: readonly string[] | null): string {
  return scopes === null ? texts.text('keys.everything') : scopes.map((scope) => texts.text(aboutScopes[scope]!)).join(' · ')
}
