import type { AssetFile } from './assets.ts'
import type { House } from './house.ts'
import type { Site } from './site.tsx'

/** Pages that were sent before a change of colour or logo still load the files of then. */
const MOST_KEPT = 4

/** The site as the house looks now. It is opened with the first page that is requested, and again when name, colour or logo have changed. */
export function openSites(houseNow: () => House) {
  const opened: { readonly house: House; readonly site: Promise<Site> }[] = []

  function current(): Promise<Site> {
    const house = houseNow()
    const newest = opened[0]
    if (newest && isSame(newest.house, house)) return newest.site
    const site = import('./site.tsx').then(({ openSite }) => openSite(house))
    const entry = { house, site }
    opened.unshift(entry)
    opened.splice(MOST_KEPT)
    // What failed is tried again with the next page.
    site.catch(() => opened.splice(opened.indexOf(entry), 1))
    return site
  }

  async function file(address: string): Promise<AssetFile | undefined> {
    await current()
    for (const { site } of opened) {
      const found = (await site).assets.files.get(address)
      if (found) return found
    }
    return undefined
  }

  return { current, file }
}

function isSame(one: House, other: House): boolean {
  if (one === other) return true
  return one.name === other.name && one.colour === other.colour && isSameLogo(one.logo, other.logo)
}

function isSameLogo(one: House['logo'], other: House['logo']): boolean {
  return one === other || (one !== undefined && other !== undefined && one.bytes.equals(other.bytes))
}
