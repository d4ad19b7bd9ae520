import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LARGEST_PICTURE } from '../payments/pictures.ts'
import { refuse } from '../refusal.ts'
import { readMultipart } from '../requests/multipart.ts'
import { MOST_PICTURES } from '../support/kinds.ts'

/** A form with pictures, as its parser leaves it. */
export interface PictureForm {
  readonly fields: Readonly<Record<string, string>>
  readonly pictures: readonly Buffer[]
  /** Its pictures were not read, because many others are being read at this moment. */
  readonly tooBusy: boolean
}

/** Forms whose pictures are held in memory at a time, from their first byte to their answer. */
const MOST_AT_ONCE = 4
/** A form without pictures is smaller than this. */
const LARGEST_WITHOUT_PICTURES = 100_000
const LARGEST_FIELD = 24_000
const MOST_FIELDS = 200

/** Reads forms with pictures, within a bound of memory for all who share it. */
export interface PictureForms {
  /** A hook of the requests that may bring them: their room is free again when they are answered, and also when the sender goes away. */
  readonly onRequest: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
  /** The form's fields are the body, beside `form`, which has it all. */
  readonly read: (request: FastifyRequest, payload: NodeJS.ReadableStream) => Promise<object>
}

export function openPictureForms(): PictureForms {
  const held = new Set<FastifyRequest>()
  return {
    async onRequest(request, reply) {
      reply.raw.once('close', () => held.delete(request))
    },
    async read(request, payload) {
      const isRoom = held.size < MOST_AT_ONCE
      if (isRoom) held.add(request)
      const form = await readForm(request, payload, isRoom)
      if (form.pictures.length === 0) held.delete(request)
      return { ...form.fields, form }
    },
  }
}

/** Lets a part of the pages accept forms with pictures. */
export function acceptPictures(own: FastifyInstance): void {
  const { onRequest, read } = openPictureForms()
  own.addHook('onRequest', onRequest)
  own.addContentTypeParser('multipart/form-data', read)
}

/** Reads the form to its end, so that its sender sees why it is refused; more than a picture may have is not kept. */
async function readForm(request: FastifyRequest, payload: NodeJS.ReadableStream, isRoom: boolean): Promise<PictureForm> {
  const fields: Record<string, string> = Object.create(null) as Record<string, string>
  const pictures: Buffer[] = []
  const bytes = await readMultipart(request.headers['content-type'], payload, {
    limits: { fieldSize: LARGEST_FIELD, fields: MOST_FIELDS, fileSize: LARGEST_PICTURE + 1, files: MOST_PICTURES + 1 },
    onField: (name, value) => void (fields[name] = value),
    // A file that was not chosen is sent without any byte.
    ...(isRoom && { onFile: (_: string, content: Buffer) => void (content.length > 0 && pictures.push(content)) }),
  }).catch(() => {
    throw refuse('form_unreadable')
  })
  return { fields, pictures, tooBusy: !isRoom && bytes > LARGEST_WITHOUT_PICTURES }
}

const NO_PICTURES: PictureForm = { fields: {}, pictures: [], tooBusy: false }

/** The form of a request; also one that was sent without pictures, by a plain form. */
export function formOf({ body }: FastifyRequest): PictureForm {
  const { form, ...fields } = (body ?? {}) as Record<string, string> & { readonly form?: PictureForm }
  return typeof form === 'object' ? form : { ...NO_PICTURES, fields }
}
