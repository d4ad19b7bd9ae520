import type { ComponentChildren } from 'preact'
import type { MessageKey } from '../../../../contract/message.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Empty } from '../../ui/notice.tsx'
import { appPage } from '../app-frame.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import type { PageUi } from '../../ui/page-ui.ts'

export interface FollowedView<Row> {
  readonly rows: readonly (Row & { readonly name: string })[]
  /** The selected tab, as the address names it; empty for all. */
  readonly show: string
  readonly isFirst: boolean
  readonly older: bigint | null
}

interface FollowedListProps {
  readonly ui: PageUi
  readonly path: string
  readonly title: MessageKey
  readonly none: { readonly title: MessageKey; readonly text: MessageKey }
  /** The tabs, each with its name in the address. */
  readonly tabs: readonly { readonly show: string; readonly text: string }[]
  readonly view: FollowedView<unknown>
  readonly children: ComponentChildren
}

/** A list in pages, with its tabs above it. */
export function followedList({ ui, path, title, none, tabs, view, children }: FollowedListProps): string {
  const { texts } = ui.frame
  const { rows, show, isFirst, older } = view
  const isFiltered = show !== '' || !isFirst
  const at = (before?: bigint) => address(path, { status: show, before })
  return appPage({
    ui,
    title: texts.text(title),
    children: (
      <>
        <nav class="status-tabs" aria-label={texts.text('app.status')}>
          {tabs.map((tab) => (
            <a key={tab.show} href={address(path, { status: tab.show })} aria-current={tab.show === show ? 'page' : undefined} class="group">
              {tab.text}
            </a>
          ))}
        </nav>
        {rows.length === 0 && (
          <Empty
            title={texts.text(isFiltered ? 'app.nothingFound.title' : none.title)}
            text={texts.text(isFiltered ? 'app.nothingFound.text' : none.text)}
          />
        )}
        <ul class="rows followed">{children}</ul>
        <PageLinks
          links={[
            { href: isFirst ? null : at(), text: texts.text('app.newest') },
            { href: older === null ? null : at(older), text: texts.text('app.older') },
          ]}
        />
      </>
    ),
  }) // prettier-ignore
}

/** The tabs all, running and ended. */
export function runningTabs(texts: Texts) {
  return [
    { show: '', text: texts.text('app.allStatuses') },
    { show: 'open', text: texts.text('follow.running') },
    { show: 'ended', text: texts.text('orders.ended') },
  ]
}

/** A term with its value, in a row of such pairs. */
export function Detail({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{children}</bdi>
      </dd>
    </div>
  )
}
