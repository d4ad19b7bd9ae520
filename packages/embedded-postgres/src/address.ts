import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { Programs } from './programs.ts'
import type { Address } from './connection.ts'
import { giveToOwner, type Place } from './place.ts'

/** A socket that only this user can open, without a port; a port on this machine only, where the system has no such sockets. The address of the
 * last start is used again where possible, because pools that lost their server look for the next one there. */
export async function chooseAddress(place: Place, programs: Programs): Promise<Address> {
  if (process.platform === 'win32') return choosePort(place)
  const port = 5432
  const inside = join(place.directory, 'socket')
  // The system cuts a socket's path at 103 to 107 bytes. Later processes read its place in postmaster.pid.
  const fits = Buffer.byteLength(join(inside, `.s.PGSQL.${port}.lock`)) <= 100
  const host = fits ? inside : await chooseShortDirectory(place)
  if (fits) await mkdir(inside, { recursive: true })
  await chmod(host, 0o700)
  await programs.runner.own(host)
  return { host, port }
}

export function isPrivateSocketDirectory(place: Place, host: string): boolean {
  return basename(host).startsWith(socketDirectoryPrefix(place)) && [tmpdir(), '/tmp'].includes(dirname(host))
}

async function chooseShortDirectory(place: Place): Promise<string> {
  const before = await lastAddress(place)
  if (before && isPrivateSocketDirectory(place, before.host) && (await makeAgain(before.host))) return before.host
  const host = await mkdtemp(join(shortTemporary(), socketDirectoryPrefix(place)))
  await remember(place, { host, port: 5432 })
  return host
}

function socketDirectoryPrefix({ application }: Place): string {
  return `${application.name}-`
}

/** Makes the directory only if that name does not exist: it may belong to another user by now. */
function makeAgain(directory: string): Promise<boolean> {
  return mkdir(directory, { mode: 0o700 }).then(
    () => true,
    () => false,
  )
}

function shortTemporary(): string {
  return Buffer.byteLength(tmpdir()) <= 60 ? tmpdir() : '/tmp'
}

async function choosePort(place: Place): Promise<Address> {
  const host = '127.0.0.1'
  const before = await lastAddress(place)
  const address = { host, port: (await freePort(before?.port ?? 0).catch(() => undefined)) ?? (await freePort(0)) }
  await remember(place, address)
  return address
}

/** The wanted port if it is free; any free port for 0. */
async function freePort(wanted: number): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(wanted, '127.0.0.1', resolve)
  })
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('The system gives no free port.')
  return address.port
}

async function remember(place: Place, address: Address): Promise<void> {
  await writeFile(place.address, JSON.stringify(address), { mode: 0o600 })
  await giveToOwner(place.directory, place.address)
}

async function lastAddress(place: Place): Promise<Address | undefined> {
  try {
    const { host, port }: { host: unknown; port: unknown } = JSON.parse(await readFile(place.address, 'utf8'))
    return typeof host === 'string' && typeof port === 'number' ? { host, port } : undefined
  } catch {
    // No address was stored, or the process that wrote it died: any address will do.
    return undefined
  }
}
