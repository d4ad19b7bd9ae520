/** A feed that programs for news read (RFC 4287). */
export interface Feed {
  /** Its own address, which is its id too. */
  readonly address: string
  /** The page that it tells of. */
  readonly page: string
  readonly title: string
  readonly language: string
  readonly author: string
  /** When the newest of its entries changed; without entries, any time. */
  readonly entries: readonly FeedEntry[]
}

export interface FeedEntry {
  /** The address of what it tells; it is the id too, and stays the same when the entry changes. */
  readonly address: string
  readonly title: string
  readonly published: Date
  readonly updated: Date
  /** Shown as text, or as HTML that was drawn by our own components. */
  readonly content: { readonly type: 'text' | 'html'; readonly text: string }
}

export function atomFeed({ address, page, title, language, author, entries }: Feed): string {
  const updated = new Date(Math.max(0, ...entries.map((entry) => entry.updated.getTime())))
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${escaped(language)}">`,
    `<id>${escaped(address)}</id>`,
    `<title>${escaped(title)}</title>`,
    `<updated>${updated.toISOString()}</updated>`,
    `<author><name>${escaped(author)}</name></author>`,
    `<link rel="self" type="application/atom+xml" href="${escaped(address)}"/>`,
    `<link rel="alternate" type="text/html" href="${escaped(page)}"/>`,
    ...entries.map(entryXml),
    '</feed>',
    '',
  ].join('\n')
}

function entryXml({ address, title, published, updated, content }: FeedEntry): string {
  return [
    '<entry>',
    `<id>${escaped(address)}</id>`,
    `<title>${escaped(title)}</title>`,
    `<link rel="alternate" type="text/html" href="${escaped(address)}"/>`,
    `<published>${published.toISOString()}</published>`,
    `<updated>${updated.toISOString()}</updated>`,
    `<content type="${content.type}">${escaped(content.text)}</content>`,
    '</entry>',
  ].join('\n')
}

/** Text of XML. What XML cannot say, like most control characters, is left out. */
export function escaped(text: string): string {
  return text
    .replaceAll(/[^\P{Cc}\t\n\r]|[\uFFFE\uFFFF]/gu, '')
    .toWellFormed()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
