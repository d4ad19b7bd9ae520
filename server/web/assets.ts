import path from 'node:path'
import { assetTexts } from './asset-texts.ts'
import { digest, pack, type Packed } from './compress.ts'
import { type House, houseTokens } from './house.ts'

/** Addresses of the files that pages load. Each address contains the digest of its content, so browsers may cache it for ever. */
export interface Assets {
  readonly style: string
  readonly icon: string
  readonly logo: string | undefined
  readonly scripts: Readonly<Record<ScriptName, string>>
  readonly files: ReadonlyMap<string, AssetFile>
}

export interface AssetFile {
  readonly type: string
  readonly packed: Packed
}

/** The entry scripts in islands/: one per kind of page. */
export const scriptNames = [
  'site',
  'front',
  'docs',
  'app',
  'shell',
  'mass-order',
  'start',
  'order',
  'services',
  'funds',
  'orders',
  'programs',
  'support',
  'desk',
  'desk-attention',
  'desk-work',
  'desk-services',
  'desk-categories',
  'desk-orders',
  'desk-ticket',
  'desk-moving',
] as const
export type ScriptName = (typeof scriptNames)[number]

/** Bundles styles and islands in memory: there is no build step before a start, and no outdated build can be served. The bundle is the same for
 * every house, so a change of colour or logo costs only those files. */
export async function makeAssets(house: House): Promise<Assets> {
  const common = await commonAssets()
  const files = new Map(common.files)
  const add = (name: string, type: string, content: string | Buffer) => addFile(files, name, type, content)
  const logo = house.logo && (await add(`logo.${house.logo.extension}`, house.logo.type, house.logo.bytes))
  return {
    style: await add('style.css', 'text/css; charset=utf-8', houseTokens(house) + common.style),
    icon: logo ?? (await add('icon.svg', 'image/svg+xml', ticket(house.colour))),
    logo,
    scripts: common.scripts,
    files,
  }
}

async function addFile(files: Map<string, AssetFile>, name: string, type: string, content: string | Buffer): Promise<string> {
  const bytes = Buffer.from(content)
  const { name: base, ext } = path.parse(name)
  const address = `/assets/${base}-${digest(bytes)}${ext}`
  files.set(address, { type, packed: await pack(bytes, 'once') })
  return address
}

interface CommonAssets {
  readonly style: string
  readonly scripts: Assets['scripts']
  readonly files: ReadonlyMap<string, AssetFile>
}

let making: Promise<CommonAssets> | undefined

function commonAssets(): Promise<CommonAssets> {
  making ??= makeCommonAssets()
  making.catch(() => (making = undefined))
  return making
}

async function makeCommonAssets(): Promise<CommonAssets> {
  const texts = await assetTexts(scriptNames)
  const bundled = (name: string) => texts.get(name)!
  const files = new Map<string, AssetFile>()
  const scripts = scriptNames.map(async (name) => {
    return [name, await addFile(files, `${name}.js`, 'text/javascript; charset=utf-8', bundled(`${name}.js`))]
  })
  return { style: bundled('style.css'), scripts: Object.fromEntries(await Promise.all(scripts)) as Assets['scripts'], files }
}

/** The icon that is used while the operator has no logo. */
function ticket(colour: string): string {
  const shape = 'M4 6h24v7a3 3 0 0 0 0 6v7H4v-7a3 3 0 0 0 0-6z'
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="${colour}" d="${shape}"/><path stroke="#fff" stroke-width="2" stroke-linecap="round" d="M10 13h12M10 19h7"/></svg>`
}
