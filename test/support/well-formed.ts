/** An element of an XML document with the text that is directly in it. */
export interface XmlElement {
  readonly name: string
  text: string
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The elements of a document, in the order in which they begin. Throws where it is not well formed: no program for news would read it then. */
export function elementsOf(xml: string): XmlElement[] {
  const found: XmlElement[] = []
  const open: XmlElement[] = []
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '')
  if (body === xml) throw new Error('there is no declaration')
  for (const [piece] of body.matchAll(/<[^>]*>|[^<]+/g)) {
    if (!piece.startsWith('<')) addText(open.at(-1), piece)
    else if (piece.startsWith('</')) {
      const ended = open.pop()
      if (`</${ended?.name}>` !== piece) throw new Error(`${piece} ends ${ended?.name}`)
    } else {
      const [, name, attributes, single] = /^<([a-z]+)((?: [a-z:]+="[^"<]*")*)(\/?)>$/.exec(piece) ?? []
      if (name === undefined) throw new Error(`${piece} is no element`)
      plainText(attributes!)
      const element = { name, text: '' }
      found.push(element)
      if (single === '') open.push(element)
    }
  }
  if (open.length > 0) throw new Error(`${open.at(-1)!.name} has no end`)
  return found
}

function addText(element: XmlElement | undefined, piece: string): void {
  if (element) element.text += plainText(piece)
  else if (piece.trim() !== '') throw new Error('there is text outside of the document')
}

function plainText(text: string): string {
  if (/[^\P{Cc}\t\n\r]/u.test(text)) throw new Error('there is a character that XML cannot say')
  return text.replaceAll(/&([a-z]*;?)/g, (whole, name: string) => {
    const character = ENTITIES[name.replace(';', '')]
    if (character === undefined || !name.endsWith(';')) throw new Error(`${whole} is no character`)
    return character
  })
}
