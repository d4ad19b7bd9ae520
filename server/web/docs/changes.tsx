import { history } from '../../../contract/history.ts'
import type { Texts } from '../../texts/texts.ts'
import { Prose } from '../ui/prose.tsx'
import { Table } from '../ui/table.tsx'
import { Heading } from './operation.tsx'

/** The changes that matter to clients, with their dates. */
export function Changes({ texts }: { readonly texts: Texts }) {
  const title = texts.text('docs.changes.title')
  const dates = new Intl.DateTimeFormat(`${texts.language.code}-u-nu-latn-ca-gregory`, { dateStyle: 'medium', timeZone: 'UTC' })
  return (
    <section class="part" id="api-changes" aria-labelledby="api-changes-title">
      <div class="words">
        <Heading texts={texts} id="api-changes" title="docs.changes.title" />
        <p>{texts.text('docs.changes.text')}</p>
        <Table
          caption={title}
          headings={[texts.text('docs.changes.day'), title]}
          rows={history.map(({ day, about }) => [
            <time dateTime={day}>{dates.format(new Date(`${day}T00:00:00Z`))}</time>,
            <Prose text={texts.text(about)} />,
          ])}
        />
      </div>
    </section>
  )
}
