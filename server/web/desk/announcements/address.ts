import { DESK } from '../desk.ts'

export const ANNOUNCEMENTS = `${DESK}/announcements`
