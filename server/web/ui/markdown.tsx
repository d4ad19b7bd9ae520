import MarkdownIt, { type Token } from 'markdown-it'
import { type ComponentChildren, h } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { openByteCache } from '../../requests/byte-cache.ts'
import { digest } from '../compress.ts'

/**
 * Markdown as the operator writes it. The library only parses; every element is drawn here, from a list of those that may be, so nothing else can come
 * out, whatever is written. HTML in the text is text. Headings begin below the title of the page, and skip no level.
 */
export function Markdown({ text }: { readonly text: string }) {
  return <div class="markdown" dangerouslySetInnerHTML={{ __html: markdownHtml(text) }} />
}

const parser = new MarkdownIt('default', { html: false, linkify: false })
parser.validateLink = (address) => addressOfLink(address) !== undefined

const MOST_BYTES_KEPT = 4_000_000
const kept = openByteCache<string>(MOST_BYTES_KEPT)

/** The HTML of a text; that of texts that were drawn lately is remembered. */
export function markdownHtml(text: string): string {
  const name = digest(Buffer.from(text))
  const known = kept.get(name)
  if (known !== undefined) return known
  const html = renderToString(<>{drawAll(parser.parse(text, {}), { level: 1 })}</>)
  kept.set(name, html, Buffer.byteLength(html))
  return html
}

/** The first sentences of a text without its marks, for descriptions of a page. */
export function plainBeginning(text: string, most: number): string {
  const words = parser
    .parse(text, {})
    .filter(({ type }, at, tokens) => type === 'inline' && tokens[at - 1]?.type === 'paragraph_open')
    .map(({ children }) => (children ?? []).map(({ type, content }) => (type.endsWith('break') ? ' ' : content)).join(''))
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  if (words.length <= most) return words
  const cut = words.lastIndexOf(' ', most)
  return `${words.slice(0, cut > most / 2 ? cut : most).toWellFormed()}…`
}

const OWN = 'https://own.invalid'
const PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:'])

/** Where a link leads: to the web, to a mail address, or to a page of this site, which begins with one slash. Undefined: nowhere that it may. */
export function addressOfLink(address: string): { readonly href: string; readonly isOwn: boolean } | undefined {
  // Browsers pass over control characters within an address, so one that has any is none.
  if (/[\p{Cc}\s\\]/u.test(address)) return undefined
  if (address.startsWith('/')) {
    const isOwn = URL.canParse(address, OWN) && new URL(address, OWN).origin === OWN
    return isOwn ? { href: address, isOwn } : undefined
  }
  if (!URL.canParse(address) || !PROTOCOLS.has(new URL(address).protocol)) return undefined
  return { href: address, isOwn: false }
}

/** The elements that a token of this type may become. */
const ELEMENTS: Readonly<Record<string, string>> = {
  paragraph: 'p',
  bullet_list: 'ul',
  list_item: 'li',
  blockquote: 'blockquote',
  thead: 'thead',
  tbody: 'tbody',
  tr: 'tr',
  td: 'td',
  em: 'em',
  strong: 'strong',
  s: 's',
}

/** The level of the heading above. */
interface Drawing {
  level: number
}

/** Draws a row of tokens; those between an opening and its closing one are the children of its element. */
function drawAll(tokens: readonly Token[], drawing: Drawing): ComponentChildren[] {
  const drawn: ComponentChildren[] = []
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]!
    if (token.nesting !== 1) {
      drawn.push(drawOne(token, drawing))
      continue
    }
    const end = closingOf(tokens, at)
    drawn.push(drawElement(token, () => drawAll(tokens.slice(at + 1, end), drawing), drawing))
    at = end
  }
  return drawn
}

function closingOf(tokens: readonly Token[], opening: number): number {
  let open = 0
  for (let at = opening; at < tokens.length; at += 1) {
    open += tokens[at]!.nesting
    if (open === 0) return at
  }
  return tokens.length
}

function drawElement(token: Token, children: () => ComponentChildren[], drawing: Drawing): ComponentChildren {
  const type = token.type.replace(/_open$/, '')
  switch (type) {
    case 'heading': {
      drawing.level = Math.max(2, Math.min(Number(token.tag.slice(1)) + 1, drawing.level + 1, 6))
      return h(`h${drawing.level}`, null, children())
    }
    case 'ordered_list': {
      const start = Number(token.attrGet('start') ?? 1)
      return <ol start={start === 1 ? undefined : start}>{children()}</ol>
    }
    case 'link':
      return <Link address={String(token.attrGet('href') ?? '')}>{children()}</Link>
    case 'table':
      return (
        <div class="scroll" tabIndex={0}>
          <table>{children()}</table>
        </div>
      )
    case 'th':
      return <th scope="col">{children()}</th>
    // A list without empty lines between its items has paragraphs that are not shown as such.
    case 'paragraph':
      return token.hidden ? children() : <p>{children()}</p>
    default: {
      const element = ELEMENTS[type]
      return element === undefined ? children() : h(element, null, children())
    }
  }
}

function drawOne(token: Token, drawing: Drawing): ComponentChildren {
  switch (token.type) {
    case 'inline':
      return drawAll(token.children ?? [], drawing)
    case 'code_inline':
      return <code>{token.content}</code>
    case 'code_block':
    case 'fence':
      return (
        <pre tabIndex={0}>
          <code>{token.content}</code>
        </pre>
      )
    case 'hr':
      return <hr />
    case 'hardbreak':
      return <br />
    case 'softbreak':
      return '\n'
    // Pages load no pictures from elsewhere: a picture is a link to it.
    case 'image':
      return <Link address={String(token.attrGet('src') ?? '')}>{token.content || token.attrGet('src')}</Link>
    default:
      return token.content
  }
}

function Link({ address, children }: { readonly address: string; readonly children: ComponentChildren }) {
  const to = addressOfLink(address)
  if (!to) return <>{children}</>
  return (
    <a href={to.href} rel={to.isOwn ? undefined : 'noopener noreferrer nofollow'}>
      {children}
    </a>
  )
}
