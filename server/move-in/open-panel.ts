import { setTimeout as pause } from 'node:timers/promises'
import { openOutgoing } from '../outgoing/fetch.ts'
import type { Reading } from './files.ts'
import { panelOfCsv, suppliersIn } from './from-csv.ts'
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
  readonly hosted?: HostedKeys
  readonly privateNetwork?: boolean | undefined
  readonly reading?: Reading
}

/** What a hosted panel is asked with. */
export interface HostedKeys {
  /** The operator's key. */
  readonly key: string
  /** The key of a reseller there who may list services. */
  readonly servicesKey: string | null
  /** The suppliers of the panel, with their names, addresses and keys, as a CSV file. */
  readonly suppliers: () => AsyncIterable<string> | Iterable<string>
}

/** Opens a panel to read from. */
export async function openPanel(wanted: Wanted): Promise<{ panel: Panel; close: () => Promise<void> }> {
  const { source, place, name, reading } = wanted
  const nothing = async () => {}
  switch (source) {
    case 'glycon':
      return { panel: panelOfDump(glycon, place, name, reading), close: nothing }
    case 'smartpanel':
      return { panel: panelOfDump(smartpanel, place, name, reading), close: nothing }
    case 'csv':
      return { panel: await panelOfCsv(place, name, reading), close: nothing }
    case 'hosted': {
      const privateNetwork = wanted.privateNetwork === true
      const { key, servicesKey, suppliers } = wanted.hosted ?? { key: '', servicesKey: null, suppliers: () => [] }
      const outgoing = openOutgoing({ allowPrivate: privateNetwork })
      const access = { url: trimmedEnd(place, '/'), key, servicesKey, outgoing, privateNetwork, pause: (ms: number) => pause(ms) }
      return { panel: panelOfHosted(access, name, () => suppliersIn(suppliers())), close: () => outgoing.close() }
    }
    default:
      return source satisfies never
  }
}
