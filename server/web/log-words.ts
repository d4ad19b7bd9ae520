import type { MessageKey } from '../../contract/message.ts'
import type { Act } from '../customers/account-log.ts'

/** For example, `sign-in failed` becomes `account.act.signInFailed`. */
export function actKey(act: Act): MessageKey {
  const name = act.replace(/[ -](\w)/g, (_, letter: string) => letter.toUpperCase())
  return `account.act.${name}` as MessageKey
}
