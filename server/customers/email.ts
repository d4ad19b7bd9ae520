import { refuse } from '../refusal.ts'

// Leaves no room for a second recipient, a header or a comment.
const ADDRESS = /^[^\s@"(),:;<>[\\\]\p{C}]{1,64}@[\p{L}\p{N}-]{1,63}(\.[\p{L}\p{N}-]{1,63})*$/u
const LONGEST = 254

export function isEmail(text: string): boolean {
  return text.length <= LONGEST && ADDRESS.test(text)
}

/** The address without the spaces around it, or a Refusal. */
export function checkEmail(text: string): string {
  const email = text.trim()
  if (!isEmail(email)) throw refuse('incorrect_email', email)
  return email
}
