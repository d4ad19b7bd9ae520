import { z } from 'zod'
import { type OnCommandLine, wrappedBy } from './fields.ts'

/** The JSON value that the text of an option or of a form's field stands for. What it cannot be read as stays a text, and the schema says what is
 * wrong with it. Throws an Error where the field has a reader of its own that says what is wrong. */
export function valueOf(schema: z.ZodType, told: OnCommandLine, text: string): unknown {
  if (told.fromText) return told.fromText(text)
  const inner = unwrapped(schema)
  if (text === 'none' && schema.safeParse(null).success) return null
  if (inner instanceof z.ZodNumber) return /^-?\d{1,15}$/.test(text) ? Number(text) : text
  if (inner instanceof z.ZodBoolean) return text === 'yes' ? true : text === 'no' ? false : text
  if (inner instanceof z.ZodArray && !isRepeated(told)) return text.split(',').map((part) => part.trim())
  return text
}

/** Several values, one after another. */
export function isRepeated(told: OnCommandLine): boolean {
  return told.placeholder?.endsWith('...>') === true
}

/** The schema of the value itself, without what makes it optional, nullable or gives it a default. */
export function unwrapped(schema: z.ZodType): z.ZodType {
  const inner = wrappedBy(schema)
  return inner ? unwrapped(inner) : schema
}
