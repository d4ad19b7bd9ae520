import { z } from 'zod'

/**
 * The columns of rows, as programs get them: each list declares its own once, the document of the API is drawn from that, and the compiler holds what is
 * read to it.
 */

/** A moment. */
export const moment = () => z.custom<Date | string>().meta({ type: 'string', format: 'date-time' })

/** A day, UTC. */
export const day = () => z.string().meta({ format: 'date' })

/** A whole number of any size: beyond what a JSON number holds exactly it is a text of its digits. */
export const big = () => z.custom<bigint | number>().meta({ type: ['integer', 'string'], pattern: String.raw`^-?\d+$` })

/** A whole number. */
export const count = () => z.number().meta({ type: 'integer' })

export const yesNo = () => z.boolean()

export const word = () => z.string()

/** An amount of the account's currency, with five decimals. */
export const amount = () => z.string().meta({ pattern: String.raw`^-?\d+\.\d{5}$` })

/** An amount, a price or a rate as it was said or typed: a decimal text. */
export const decimal = () => z.string().meta({ pattern: String.raw`^-?\d+(\.\d+)?$` })

/** An object whose fields its act, gateway or list declares. */
export const anyFields = () => z.custom<object>().meta({ type: 'object' })
