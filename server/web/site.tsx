import { type Assets, makeAssets } from './assets.ts'
import type { House } from './house.ts'
import { textsIn } from '../texts/texts.ts'
import { type Frame, type Page, renderDocument } from './ui/document.tsx'
import { Layout } from './ui/layout.tsx'
import { Empty } from './ui/notice.tsx'
import { addressIn, type Visitor } from './visitor.ts'

/** The assets and texts that all pages share. They are loaded with the first page that is requested, so that a node without visitors does not load
 * them. */
export interface Site {
  readonly assets: Assets
  frame(visitor: Visitor): Frame
}

export async function openSite(house: House): Promise<Site> {
  const assets = await makeAssets(house)
  return {
    assets,
    frame: (visitor) => ({ house, assets, visitor, texts: textsIn(visitor.language) }),
  }
}

export type Failure =
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly request: string }
  | { readonly kind: 'busy' }
  | { readonly kind: 'stale' }
  /** Staff see the pages of a customer, and may change nothing there. */
  | { readonly kind: 'looking' }
  /** A page with secrets of the customer. */
  | { readonly kind: 'hidden' }
  /** A child panel that its parent does not serve. */
  | { readonly kind: 'suspended' }
  | { readonly kind: 'closed' }

/** The page that is sent when the requested one cannot be. */
export function failurePage(frame: Frame, failure: Failure): string {
  const { texts, house } = frame
  if (failure.kind === 'looking' || failure.kind === 'hidden') {
    const { kind } = failure
    return failureSaying(frame, { title: texts.text(`desk.customers.${kind}.title`), text: texts.text(`desk.customers.${kind}.text`) })
  }
  const title = texts.text(`site.${failure.kind}.title`)
  const text =
    failure.kind === 'failed'
      ? texts.text('site.failed.text', { request: failure.request })
      : texts.text(`site.${failure.kind}.text`, { name: house.name })
  return failureSaying(frame, { title, text, isShut: failure.kind === 'suspended' || failure.kind === 'closed' })
}

interface FailureWords {
  readonly title: string
  readonly text: string
  /** Nothing else is served either, so nothing is linked. */
  readonly isShut?: boolean
}

function failureSaying(frame: Frame, { title, text, isShut = false }: FailureWords): string {
  const { texts, visitor } = frame
  const page: Page = { title, script: 'site' }
  return renderDocument(
    frame,
    page,
    <Layout frame={frame} page={page} alone={isShut}>
      <main id="content" class="narrow">
        <Empty title={title} text={text}>
          {isShut ? null : visitor.account ? (
            <a class="button main" href="/">
              {texts.text('shell.overview')}
            </a>
          ) : (
            <a class="button main" href={addressIn(texts.language, '/api')}>
              {texts.text('site.toDocs')}
            </a>
          )}
        </Empty>
      </main>
    </Layout>,
  )
}
