import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { makeDirectories } from '@docket/embedded-postgres/directories'
import type { Config } from './config.ts'

/** Encrypts data that must be read again, like the keys of suppliers and the links in waiting mails, so that a dump of the database contains
 * nothing usable. */
export interface Secret {
  seal(text: string): Buffer
  /** Throws one sentence when the data were sealed with another secret. */
  open(sealed: Buffer): string
}

/** The secret of an installation, by which also texts are hashed that somebody else has chosen. */
export interface InstallationSecret extends Secret {
  /** An HMAC under a key of its own: who has only the database cannot try out which text it is. */
  readonly hash: (text: string) => Buffer
}

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Says where the secret is, which must be backed up beside the database. */
export function placeOfSecret(config: Pick<Config, 'secret' | 'dataDirectory'>): string {
  return config.secret === undefined ? `the file ${fileOfSecret(config)}` : 'DOCKET_SECRET'
}

function fileOfSecret(config: Pick<Config, 'dataDirectory'>): string {
  return path.join(config.dataDirectory, 'secret')
}

/** Takes the secret from DOCKET_SECRET, else from a file in the data directory, which is made when first needed and readable by its owner only. */
export async function openSecret(config: Pick<Config, 'secret' | 'dataDirectory'>): Promise<InstallationSecret> {
  const text = config.secret ?? (await readOrMake(fileOfSecret(config)))
  const key = createHash('sha256').update(`docket supplier keys ${text}`).digest()
  const hashKey = createHash('sha256').update(`docket keys of other panels ${text}`).digest()
  return {
    hash: (plain) => createHmac('sha256', hashKey).update(plain).digest(),
    seal(plain) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body])
    },
    open(sealed) {
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES))
        decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
        return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
      } catch (error) {
        throw new Error('It was sealed with another DOCKET_SECRET: set the old one again, or enter anew what it sealed.', { cause: error })
      }
    },
  }
}

/** Two processes that make the file at once end up with the same secret: the first link wins. */
async function readOrMake(file: string): Promise<string> {
  const existing = await readFile(file, 'utf8').catch(() => undefined)
  if (existing) return existing
  await makeDirectories(path.dirname(file)).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`The directory of DOCKET_DATA, ${path.dirname(file)}, cannot be made (${error.code}): choose another one.`, {
      cause: error,
    })
  })
  const own = `${file}.${process.pid}`
  await writeFile(own, randomBytes(32).toString('base64url'), { mode: 0o600 })
  await link(own, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(own)
  return readFile(file, 'utf8')
}
