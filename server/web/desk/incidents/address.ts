import { DESK } from '../desk.ts'

export const INCIDENTS = `${DESK}/incidents`
