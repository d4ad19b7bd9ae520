import type { BroughtService } from '../catalog/bring-services.ts'

/** What every panel has, in the order in which it is brought over. */
export const kinds = ['suppliers', 'services', 'accounts', 'prices', 'orders'] as const
export type Kind = (typeof kinds)[number]

/** One thing of a panel, as texts under our names; what a panel does not tell is absent or null. `shape.ts` reads them. */
export type Raw = { readonly [field: string]: string | null | undefined }

/** A panel to move in from, whatever it is read from. It is read twice: all but the orders first, then the orders. */
export interface Panel {
  /** Its name in references and in the report; a second run has the same. */
  readonly name: string
  /** Its words for the state of an order are ours, and those of its family. */
  readonly read: (wanted: ReadonlySet<Kind>) => AsyncIterable<Told>
  /** Where its API is, for resellers who bring their keys; absent: keys came with it. */
  readonly api?: { readonly url: string; readonly privateNetwork: boolean }
  /** A panel cuts links at so many characters. */
  readonly linkLimit: number | null
}

/** Some things of one kind. */
export interface Told {
  readonly kind: Kind
  readonly rows: readonly Raw[]
}

export interface PanelSupplier {
  readonly id: string
  readonly name: string
  /** Null: it has no usable address or key, so staff do its orders. */
  readonly api: { readonly url: string; readonly key: string } | null
  readonly currency: string | null
}

export interface PanelService extends Omit<BroughtService, 'supplierId' | 'translations'> {
  readonly translations: Readonly<Record<string, { readonly name?: string; readonly category?: string }>>
  /** Its id at the old panel. */
  readonly supplier: string | null
}

export interface PanelAccount {
  readonly id: number
  readonly email: string
  /** The address is made up: the panel has none that can be used. */
  readonly hasNoAddress: boolean
  readonly balance: bigint
  readonly suspended: boolean
  readonly key: string | null
  readonly locale: string | null
  readonly createdAt: Date
}

export interface PanelPrice {
  readonly account: number
  readonly service: number
  readonly rate: string
}

export interface PanelOrder {
  readonly id: bigint
  readonly account: number
  readonly service: number
  readonly supplier: string | null
  readonly reference: string | null
  readonly link: string
  readonly quantity: bigint
  readonly charge: bigint
  readonly startCount: bigint
  readonly remains: bigint
  readonly status: OrderStatus
  /** Why staff must look at it; null: nobody needs to. */
  readonly attention: string | null
  readonly parameters: Readonly<Record<string, string>> | null
  readonly placedAt: Date
  readonly endedAt: Date | null
}

export type OrderStatus = 'Pending' | 'Processing' | 'In progress' | 'Completed' | 'Partial' | 'Canceled'

export function isEnded({ status }: Pick<PanelOrder, 'status'>): boolean {
  return status === 'Completed' || status === 'Partial' || status === 'Canceled'
}
