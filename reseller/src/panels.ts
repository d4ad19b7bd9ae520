import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Docket, type Options } from '../../sdk/src/index.ts'
import { exits, Failure } from './failures.ts'
import type { World } from './world.ts'

/** A panel with a key of its user. The key is never printed. */
export interface Panel {
  readonly name: string
  readonly url: string
  readonly key: string
}

export interface Panels {
  readonly usual: string | null
  readonly panels: Readonly<Record<string, { readonly url: string; readonly key: string }>>
}

/** The option of every command that calls a panel. */
export interface OfPanel {
  readonly panel?: string
}

/** By `--panel`, else by PANEL_URL and PANEL_KEY, else the usual one of the file. */
export async function panelFor(world: World, { panel }: OfPanel): Promise<Panel> {
  const { PANEL_URL: url, PANEL_KEY: key } = world.env
  if (panel === undefined && (url || key)) {
    if (!url || !key) throw new Failure(exits.key, 'no_panel', 'PANEL_URL and PANEL_KEY are set together or not at all')
    return { name: 'PANEL_URL', url: readAddress(url, true), key }
  }
  const { usual, panels } = await readPanels(world)
  const name = panel ?? usual
  if (name === null)
    throw new Failure(exits.key, 'no_panel', 'No panel is known yet: docket-order login --url https://panel.example/api/v2')
  if (!Object.hasOwn(panels, name))
    throw new Failure(exits.key, 'no_panel', `There is no panel "${name}": docket-order panels lists those that are known`)
  return { name, ...panels[name]! }
}

export function clientOf(world: World, { url, key }: Pick<Panel, 'url' | 'key'>, options: Partial<Options> = {}): Docket {
  const { fetch, wait } = world
  return new Docket({ url, key, ...(fetch && { fetch }), ...(wait && { wait }), ...options })
}

/** An address of an API. A key is not sent in the clear, except within this machine. */
export function readAddress(text: string, insecure: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const fault = (words: string) => new Failure(exits.usage, 'incorrect_address', words)
  if (!url || !/^https?:$/.test(url.protocol)) throw fault('The address is like https://panel.example/api/v2')
  if (url.username !== '' || url.password !== '') throw fault('The address has no name and no password in it')
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  if (url.protocol === 'http:' && !isHere && !insecure)
    throw fault('Over http:// everybody on the way can read the key: use https://, or --insecure')
  return url.href
}

export function placeOfPanels({ env, home }: World): string {
  const { XDG_CONFIG_HOME: own, APPDATA: windows } = env
  const usual = process.platform === 'win32' && windows ? windows : path.join(home, '.config')
  // A relative XDG_CONFIG_HOME is to be ignored, says its specification.
  return path.join(own && path.isAbsolute(own) ? own : usual, 'docket-order', 'panels.json')
}

export async function readPanels(world: World): Promise<Panels> {
  const file = placeOfPanels(world)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new Failure(exits.fault, 'fault', `${file} cannot be read: ${error.code}`)
  })
  if (text === null) return { usual: null, panels: {} }
  const { mode } = await stat(file)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new Failure(exits.fault, 'open_file', `Others on this machine can read the keys in ${file}: chmod 600 it, and change the keys`)
  try {
    const { usual = null, panels } = JSON.parse(text) as Partial<Panels>
    return { usual, panels: panels ?? {} }
  } catch {
    // The words of the parser would show a part of the file.
    throw new Failure(exits.fault, 'fault', `${file} is not JSON`)
  }
}

/** Whole or not at all, and from its first moment for its owner alone. */
export async function writePanels(world: World, panels: Panels): Promise<void> {
  const file = placeOfPanels(world)
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const written = `${file}.${process.pid}`
  try {
    await writeFile(written, `${JSON.stringify(panels, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
    // The umask may have taken more away.
    await chmod(written, 0o600)
    await rename(written, file)
  } finally {
    await rm(written, { force: true })
  }
}
