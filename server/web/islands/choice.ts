const YEAR_SECONDS = 31_536_000

/** Remembered the way the server does it (visitor.ts), so that the next page comes as it was chosen. */
export function remember(choice: string, value: string) {
  const secure = location.protocol === 'https:' ? '; Secure' : ''
  document.cookie = `${choice}=${value}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax${secure}`
}
