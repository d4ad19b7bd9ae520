import type { Actor } from '../../../customers/account-log.ts'

/** What the pages need of a moving: customers of a panel that did not tell its keys bring theirs. */
export interface OldKeys {
  /** Whether this account may bring one. */
  readonly mayClaim: (account: number) => Promise<boolean>
  readonly claim: (
    account: number,
    key: string,
    actor: Actor,
  ) => Promise<'claimed' | 'not a key' | 'not theirs' | 'no answer' | 'nothing to ask' | 'taken' | 'later'>
}
