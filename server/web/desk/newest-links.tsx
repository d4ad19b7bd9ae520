import type { Texts } from '../../texts/texts.ts'
import { PageLinks } from '../ui/page-links.tsx'

interface NewestLinksProps {
  readonly texts: Texts
  /** Null: the newest are shown. */
  readonly newest: string | null
  /** Null: there are no older ones. */
  readonly older: string | null
}

/** Leads from a page of a list, the newest first, to its first page and to the next one. */
export function NewestLinks({ texts, newest, older }: NewestLinksProps) {
  return (
    <PageLinks
      links={[
        { href: newest, text: texts.text('desk.money.newest') },
        { href: older, text: texts.text('desk.money.older') },
      ]}
    />
  )
}
