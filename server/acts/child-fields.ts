import { z } from 'zod'
import { parseUnits } from '../ledger/money.ts'
import { cli } from './fields.ts'

const EMPTY = 'It must not be empty.'

/** The host by which a child panel is known. */
export const panelHost = () =>
  cli(z.string().trim().min(1, EMPTY).max(253, 'It must have at most 253 characters.').toLowerCase(), {
    argument: true,
    placeholder: '<host>',
  }).describe('host of the child panel, like shop.example')

/** Its form is checked where it is read. */
export const panelAddress = () =>
  cli(z.string().trim().min(1, EMPTY).max(300, 'It must have at most 300 characters.'), {
    argument: true,
    placeholder: '<address>',
  }).describe('address of its pages, like https://shop.example; its name must lead to this server')

export const panelName = () =>
  cli(
    z
      .string()
      .trim()
      .min(1, EMPTY)
      .max(60, 'It must have at most 60 characters.')
      .regex(/^[^\p{C}]*$/u, 'It must be one line.'),
    { placeholder: '<text>' },
  )

const NO_RENT = 'It must be an amount, like 100 or 0.25.'

/** An amount of zero or more per month; read as units. */
export const rentAMonth = () =>
  cli(
    z
      .string(NO_RENT)
      .regex(/^\d{1,9}(\.\d{1,5})?$/, NO_RENT)
      .transform((digits) => parseUnits(digits)),
    { placeholder: '<amount>' },
  )
