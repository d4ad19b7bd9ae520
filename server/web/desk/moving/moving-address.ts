import { DESK } from '../desk.ts'

export const MOVING = `${DESK}/moving`
/** Where a form with whole files is sent, by browsers without script. */
export const UPLOAD = `${MOVING}/:id/upload`
