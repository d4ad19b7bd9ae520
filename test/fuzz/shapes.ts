/** What large input is made of: each was, or could be, dear to some reader of text. */
export const SHAPES: readonly string[] = [
  'a',
  ' ',
  '\n',
  'a\n',
  '.',
  'a.',
  'some.body\n',
  'https://example.com/p/1\n',
  '/',
  'a/',
  '%61',
  '%',
  ',',
  '1,',
  '1-9999,',
  '0',
  '9',
  '@',
  'a@',
  '|',
  'a|',
  '101|a|1\n',
  '"',
  '"a"|',
  '\t',
  ';q=1,',
  ' ;q=',
  'br,',
  '=&',
  'a[]=1&',
  '\u00e9',
  '\ufdfa',
  '\u3316',
  '\u0316\u0301',
  '\u200b',
  '\u{1f600}',
  '<&',
  '[',
  '{"a":',
  '-',
  '\\',
  'and ',
]

/** A text of this shape that fills so many bytes of UTF-8. */
export function filled(shape: string, bytes: number): string {
  return shape.repeat(Math.floor(bytes / Buffer.byteLength(shape)))
}

/** The same, percent-encoded: how many characters of a form or an address it takes. */
export function filledEncoded(shape: string, characters: number): string {
  return shape.repeat(Math.floor(characters / encodeURIComponent(shape).length))
}
