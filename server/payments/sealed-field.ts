import { z } from 'zod'

const sealedFields = z.registry<{ readonly sealed: true }>()

/** Marks a field of a gateway's settings as a secret: it is stored sealed and never shown again. */
export function sealed<Schema extends z.ZodType>(schema: Schema): Schema {
  sealedFields.add(schema, { sealed: true })
  return schema
}

export function isSealed(schema: z.ZodType): boolean {
  return sealedFields.has(schema) || (schema instanceof z.ZodOptional && isSealed(schema.unwrap() as z.ZodType))
}
