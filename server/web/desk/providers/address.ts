import { DESK } from '../desk.ts'

export const PROVIDERS = `${DESK}/sign-in-providers`
