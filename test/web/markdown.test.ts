import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressOfLink, markdownHtml, plainBeginning } from '../../server/web/ui/markdown.tsx'

/** Every tag that may come out, with the attributes that it may have. */
const ALLOWED: Readonly<Record<string, RegExp>> = {
  a: /^ href="(https?:|mailto:|\/(?!\/))[^"<>]*"( rel="noopener noreferrer nofollow")?$/,
  ol: /^( start="\d+")?$/,
  pre: /^ tabindex="0"$/,
  div: /^ class="scroll" tabindex="0"$/,
  th: /^ scope="col"$/,
}
const PLAIN = new Set(['p', 'ul', 'li', 'blockquote', 'h2', 'h3', 'h4', 'h5', 'h6', 'em', 'strong', 's', 'code', 'hr', 'br', 'table', 'thead', 'tbody', 'tr', 'td']) // prettier-ignore

/** What a text must never become: a tag that is not on the list, an attribute, or an address that runs something. */
function strangeIn(html: string): string[] {
  const found: string[] = []
  for (const [whole, slash, name = '', attributes = ''] of html.matchAll(/<(\/?)([a-zA-Z!?][a-zA-Z0-9]*)([^>]*)>/g)) {
    const isKnown = PLAIN.has(name) || Object.hasOwn(ALLOWED, name)
    const fits = slash === '/' ? attributes === '' : (ALLOWED[name]?.test(attributes) ?? /^\/?$/.test(attributes.trim()))
    if (!isKnown || !fits) found.push(whole)
  }
  // Whatever is left of a tag is text, and text has no bare bracket.
  if (/</.test(html.replaceAll(/<\/?[a-z][a-z0-9]*(?: [^<>]*)?\/?>/g, ''))) found.push('a bare bracket')
  for (const [, address] of html.matchAll(/href="([^"]*)"/g)) {
    const read = new URL(address!.replaceAll('&amp;', '&'), 'https://own.example/')
    if (!['http:', 'https:', 'mailto:'].includes(read.protocol)) found.push(address!)
  }
  return found
}

const PIECES = [
  '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<svg/onload=alert(1)>', '<a href="javascript:alert(1)">x</a>', '<!--', '-->', '<![CDATA[', '<?php',
  '[a](javascript:alert(1))', '[a](JaVaScRiPt:alert(1))', '[a](java\tscript:alert(1))', '[a](&#106;avascript:alert(1))', '[a](javascript&colon;alert(1))', '[a](data:text/html;base64,PHNjcmlwdD4=)',
  '[a](vbscript:x)', '[a](//evil.example)', '[a](/\\evil.example)', '[a](https://e.example "t\\" onclick=\\"alert(1)")', '![a](javascript:alert(1))', '![a](https://e.example/x.png)',
  '<javascript:alert(1)>', '<https://e.example/"onmouseover=alert(1)>', '[a]: javascript:alert(1)\n\n[a]', '[x]: <java\nscript:alert(1)>', '```html\n<script>\n```', '`<b>`', '    <i>', '# h', '###### h', '> q',
  '- a\n  - b', '7. a', '| a | b |\n|---|:-:|\n| <b> | [x](javascript:1) |', '**b**', '_e_', '~~s~~', '---', '\\<b\\>', '&lt;script&gt;', '&#x3c;script&#x3e;', '\u0000', '\u2028', '\uD800', '"', "'", '\n', '\n\n', ' ', '](', '[', '(', '<', '>',
] // prettier-ignore
const written = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'grapheme', maxLength: 12 })), { maxLength: 25 })

describe('Markdown', () => {
  test('becomes no script, no attribute and no element beside those of our list, whatever is written', () => {
    fc.assert(
      fc.property(written, (pieces) => {
        expect(strangeIn(markdownHtml(pieces.join('')))).toEqual([])
      }),
      { numRuns: 3000 },
    )
    for (const piece of PIECES) expect(strangeIn(markdownHtml(piece))).toEqual([])
  })

  test('finds what it should: the check itself is not blind', () => {
    const bad = ['<script>', '<p onclick="x">', '<a href="javascript:x">', '<a href="//evil.example">', '<img src="x">', '<b', '<a href="https://a.example" onclick="x">']
    for (const html of bad) expect(strangeIn(html)).not.toEqual([])
  }) // prettier-ignore

  test('shows HTML as the text that it is', () => {
    expect(markdownHtml('<script>alert(1)</script> & <b>bold</b>')).toBe('<p>&lt;script>alert(1)&lt;/script> &amp; &lt;b>bold&lt;/b></p>')
  })

  test('leads to the web, to mail addresses and to own pages only', () => {
    const elsewhere = ['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', '//evil.example', '/\\evil.example', '\\\\evil.example', 'ftp://a.example', 'terms', '#top', 'https:/\nx', ' https://a.example', 'java\nscript:x', ''] // prettier-ignore
    expect(elsewhere.filter((address) => addressOfLink(address) !== undefined)).toEqual([])
    expect(markdownHtml('[ours](/p/terms) [theirs](https://a.example/?a=1&b=2) <me@example.com>')).toBe(
      '<p><a href="/p/terms">ours</a> <a href="https://a.example/?a=1&amp;b=2" rel="noopener noreferrer nofollow">theirs</a> ' +
        '<a href="mailto:me@example.com" rel="noopener noreferrer nofollow">me@example.com</a></p>',
    )
  })

  test('loads no picture: it is a link', () => {
    expect(markdownHtml('![a cat](https://a.example/cat.png)')).toBe(
      '<p><a href="https://a.example/cat.png" rel="noopener noreferrer nofollow">a cat</a></p>',
    )
  })

  test('has headings below the title, and skips no level', () => {
    expect(markdownHtml('### A\n\n# B\n\n###### C')).toBe('<h2>A</h2><h2>B</h2><h3>C</h3>')
  })

  test('has lists, quotes, tables and code', () => {
    expect(markdownHtml('3. a\n4. b')).toBe('<ol start="3"><li>a</li><li>b</li></ol>')
    expect(markdownHtml('> q')).toBe('<blockquote><p>q</p></blockquote>')
    expect(markdownHtml('|a|\n|-|\n|1|')).toContain('<th scope="col">a</th></tr></thead><tbody><tr><td>1</td></tr></tbody>')
    expect(markdownHtml('```js\nlet a = "<b>"\n```')).toContain('<code>let a = &quot;&lt;b>&quot;\n</code>')
  })

  test('comes to an end with long texts that are made to be slow', () => {
    const slow = ['[', '*a ', '`', '> ', '<a', '_a*', '![', '- ', '&#', '|a|\n|-|\n', '[a](<b', '~~', '***a'].map((piece) => piece.repeat(20_000 / piece.length))
    for (const text of slow) expect(strangeIn(markdownHtml(text))).toEqual([])
  }) // prettier-ignore

  test('begins with its first sentences, for descriptions', () => {
    expect(plainBeginning('# Terms\n\nThese are **our** terms, see [here](/p/x).\n\nMore.', 160)).toBe(
      'These are our terms, see here. More.',
    )
    expect(plainBeginning('a '.repeat(200), 20)).toBe('a a a a a a a a a a…')
  })
})
