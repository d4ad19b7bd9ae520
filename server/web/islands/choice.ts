const YEAR_SECONDS = 31_536_000

/** Saves the choice in a cookie like the server's (visitor.ts), so that the next page uses it. */
export function remember(choice: string, value: string) {
  const secure = location.protocol === 'https:' ? '; Secure' : ''
  document.cookie = `${choice}=${value}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax${secure}`
}
