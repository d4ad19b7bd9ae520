import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { openOutgoing } from '../outgoing/fetch.ts'
import { panelOfCsv, readSupplierFile } from './from-csv.ts'
import { panelOfDump } from './from-dump.ts'
import { panelOfHosted } from './from-hosted.ts'
import { glycon } from './glycon.ts'
import type { Panel } from './panel.ts'
import { trimmedEnd } from '../text.ts'
import { smartpanel } from './smartpanel.ts'

export const sources = ['glycon', 'smartpanel', 'csv', 'hosted'] as const
export type Source = (typeof sources)[number]

export interface Wanted {
  readonly source: Source
  /** A file, a directory, or the address of a hosted panel. */
  readonly place: string
  readonly name: string
  /** Files with the keys of a hosted panel: the operator's, and that of a reseller of theirs who may list services. */
  readonly keyFile?: string | undefined
  readonly servicesKeyFile?: string | undefined
  /** A CSV file with names, addresses and keys of the suppliers of a hosted panel. */
  readonly suppliers?: string | undefined
  readonly privateNetwork?: boolean | undefined
}

/** Opens a panel to read from. */
export async function openPanel(wanted: Wanted): Promise<{ panel: Panel; close: () => Promise<void> }> {
  const { source, place, name } = wanted
  const nothing = async () => {}
  switch (source) {
    case 'glycon':
      return { panel: panelOfDump(glycon, place, name), close: nothing }
    case 'smartpanel':
      return { panel: panelOfDump(smartpanel, place, name), close: nothing }
    case 'csv':
      return { panel: await panelOfCsv(place, name), close: nothing }
    case 'hosted': {
      const outgoing = openOutgoing({ allowPrivate: wanted.privateNetwork === true })
      const access = {
        url: trimmedEnd(place, '/'),
        key: (await keyIn(wanted.keyFile)) ?? '',
        servicesKey: await keyIn(wanted.servicesKeyFile),
        outgoing,
        privateNetwork: wanted.privateNetwork === true,
        pause: (ms: number) => pause(ms),
      }
      return { panel: panelOfHosted(access, name, () => readSupplierFile(wanted.suppliers)), close: () => outgoing.close() }
    }
    default:
      return source satisfies never
  }
}

async function keyIn(file: string | undefined): Promise<string | null> {
  return file === undefined ? null : (await readFile(file, 'utf8')).trim()
}
