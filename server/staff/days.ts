const DAY_MS = 24 * 3_600_000

/** The moment at which a day like 2026-12-31 ends (UTC). */
export function endOfDay(day: string): Date {
  return new Date(new Date(`${day}T00:00:00Z`).getTime() + DAY_MS)
}
