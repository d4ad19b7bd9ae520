/** A web address in a text: up to the next space or quotation mark. */
const ADDRESS = /https?:\/\/[^\s<>"'`]+/gi
/** What ends a sentence or a bracket around an address, and is no part of it. */
const TAIL = '.,;:!?)]}»”’。，、；：！？）'

export interface TextPart {
  readonly text: string
  /** Where it leads; undefined: it is text. */
  readonly href?: string
}

/** Cuts a text at the web addresses in it. Only http and https are addresses; whatever is none stays as it was written. */
export function partsOfText(text: string): TextPart[] {
  const parts: TextPart[] = []
  let from = 0
  for (const match of text.matchAll(ADDRESS)) {
    const written = withoutTail(match[0])
    if (!URL.canParse(written)) continue
    if (match.index > from) parts.push({ text: text.slice(from, match.index) })
    parts.push({ text: written, href: written })
    from = match.index + written.length
  }
  if (from < text.length) parts.push({ text: text.slice(from) })
  return parts
}

function withoutTail(address: string): string {
  let end = address.length
  // A bracket that was opened within the address is a part of it.
  let unopened = count(address, ')') - count(address, '(')
  for (; end > 0 && TAIL.includes(address[end - 1]!); end -= 1) {
    if (address[end - 1] !== ')') continue
    if (unopened <= 0) break
    unopened -= 1
  }
  return address.slice(0, end)
}

function count(text: string, letter: string): number {
  return text.split(letter).length - 1
}

/** What somebody wrote, as it was written: its lines stay, its web addresses can be opened, and nothing in it is anything else. */
export function PlainText({ text }: { readonly text: string }) {
  return (
    <p class="plain-text" dir="auto">
      {partsOfText(text).map(({ text: words, href }, at) =>
        href === undefined ? (
          words
        ) : (
          <bdi key={at} dir="ltr">
            <a href={href} target="_blank" rel="noopener noreferrer nofollow ugc">
              {words}
            </a>
          </bdi>
        ),
      )}
    </p>
  )
}
