/** The outcomes of place_orders(), by their numbers there. */
export const LEFT_OUT = 0
export const PLACED = 1
export const NOT_ENOUGH_FUNDS = 2
export const PLACED_BEFORE = 3
export const RETRY_KEY_REUSED = 4
export const INVALID_KEY = 5
export const ACTIVE_LINK = 6
export const OLD_CATALOGUE = 7
export const DAILY_LIMIT = 8
export const ID_IS_TAKEN = 9
