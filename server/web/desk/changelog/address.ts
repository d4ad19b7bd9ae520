import { DESK } from '../desk.ts'

export const CHANGELOG = `${DESK}/changelog`
