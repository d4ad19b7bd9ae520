import { readFile, readdir } from 'node:fs/promises'
import { Client } from 'pg'
import type { Place } from './place.ts'
import { codeOf, messageOf } from './fault.ts'

/** Where a running server listens: a directory with its socket, or a port on this machine. */
export interface Address {
  readonly host: string
  readonly port: number
}

export async function urlOf(place: Place, address: Address, database = place.application.name): Promise<string> {
  const password = await readPassword(place)
  const authority = address.host.startsWith('/') ? `localhost:${address.port}` : `${address.host}:${address.port}`
  // A socket's directory cannot be the host part of a URL, so it is a parameter; pg and libpq prefer it there.
  const socket = address.host.startsWith('/') ? `?host=${encodeURIComponent(address.host)}` : ''
  return `postgres://${place.application.name}:${password}@${authority}/${database}${socket}`
}

/** Returns nothing if the database answered, else the reason why not. Makes the database where it is missing. */
export async function refusalOf(place: Place, address: Address): Promise<{ code: string; message: string } | undefined> {
  const refusal = await askOnce(await urlOf(place, address), 'select 1')
  // If a start was killed after it made the cluster and before it made the database, the database is made here.
  if (refusal?.code !== unknownDatabase) return refusal
  const made = await askOnce(await urlOf(place, address, 'postgres'), `create database "${place.application.name}"`)
  return made ?? (await askOnce(await urlOf(place, address), 'select 1'))
}

const passwordFile = '.password'
const unknownDatabase = '3D000'
/** The server works and is ours, but has no connection to spare. */
const tooManyConnections = '53300'

async function askOnce(url: string, statement: string): Promise<{ code: string; message: string } | undefined> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  // A server that goes away while we disconnect must not cause an unhandled error.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(statement)
    return undefined
  } catch (error) {
    const code = codeOf(error) ?? ''
    return code === tooManyConnections ? undefined : { code, message: messageOf(error) }
  } finally {
    await client.end().catch(() => {})
  }
}

/** Throws where there is no password file, or where the cluster belongs to another application. */
export async function readPassword(place: Place): Promise<string> {
  try {
    return (await readFile(place.password, 'utf8')).trim()
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    throw new Error(await whyNoPassword(place), { cause: error })
  }
}

async function whyNoPassword({ application, cluster, directory, password }: Place): Promise<string> {
  const files = await readdir(cluster).catch(() => [])
  const other = files.find((file) => file.endsWith(passwordFile))?.slice(0, -passwordFile.length)
  return other === undefined
    ? `The database's password is missing: put the file ${password} back from a backup of the directory.`
    : `The database in ${directory} bears the name "${other}", not "${application.name}": open it by its name.`
}
