import { actions } from '../../../contract/actions.ts'
import { extensions } from '../../../contract/extensions.ts'
import type { MessageKey } from '../../../contract/message.ts'
import type { Texts } from '../../texts/texts.ts'

interface Group {
  readonly id: string
  readonly title: MessageKey
  readonly entries: readonly { readonly id: string; readonly title: MessageKey }[]
}

const groups: readonly Group[] = [
  {
    id: 'basics',
    title: 'docs.guide',
    entries: [
      { id: 'calls', title: 'docs.calls.title' },
      { id: 'limits', title: 'docs.limits.title' },
    ],
  },
  { id: 'actions', title: 'docs.actions', entries: actions.flatMap((action) => action.forms) },
  { id: 'extensions', title: 'docs.extensions', entries: extensions },
  {
    id: 'reference',
    title: 'docs.reference',
    entries: [
      { id: 'statuses', title: 'docs.statuses.title' },
      { id: 'refusals', title: 'docs.refusals.title' },
      { id: 'api-changes', title: 'docs.changes.title' },
      { id: 'changelog', title: 'changelog.title' },
      { id: 'machines', title: 'docs.machines.title' },
    ],
  },
]

/** The table of contents, beside the page on a wide screen. */
export function Contents({ texts }: { readonly texts: Texts }) {
  return (
    <nav class="contents" aria-label={texts.text('docs.contents')}>
      {groups.map(({ id: group, title, entries }) => (
        <section key={group}>
          <a class="group" href={`#${group}`}>
            {texts.text(title)}
          </a>
          <ul>
            {entries.map(({ id, title }) => (
              <li key={id}>
                <a href={`#${id}`}>{texts.text(title)}</a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  )
}

/** The same table of contents, folded into the toolbar of a narrow screen. */
export function FoldedContents({ texts }: { readonly texts: Texts }) {
  return (
    <details class="picker contents-narrow">
      <summary>{texts.text('docs.contents')}</summary>
      <div class="picker-panel">
        <Contents texts={texts} />
      </div>
    </details>
  )
}
