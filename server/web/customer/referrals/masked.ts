/** An address as another customer may see it: `a•••@e•••.com`. */
export function maskedEmail(email: string): string {
  const at = email.lastIndexOf('@')
  const host = email.slice(at + 1)
  const end = host.lastIndexOf('.')
  return `${first(email)}•••@${first(host)}•••${end > 0 ? host.slice(end) : ''}`
}

function first(text: string): string {
  return String.fromCodePoint(...[text.codePointAt(0)].filter((code) => code !== undefined))
}
