import type { ComponentChildren } from 'preact'

type Grammar = 'json' | 'shell' | 'program'

// A string, a JSON name before its colon, a number or a keyword: enough highlighting for the five languages that pages show.
const STRING = String.raw`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'`
const WORDS = 'import|package|func|return|const|await|new|if|defer|print|print_r|true|false|null|nil|curl'
const grammars: Readonly<Record<Grammar, RegExp>> = {
  json: new RegExp(
    String.raw`(?<name>"[^"]*")(?=\s*:)|(?<string>${STRING})|(?<number>-?\b\d+(?:\.\d+)?\b)|(?<word>\btrue\b|\bfalse\b|\bnull\b)`,
    'g',
  ),
  shell: /(?<string>'[^']*')|(?<word>^curl|(?<=\s)--?[a-z-]+)/g,
  program: new RegExp(String.raw`(?<string>${STRING})|(?<word>\b(?:${WORDS})\b|<\?php)`, 'g'),
}

/** Code with its strings, names, numbers and keywords in colour. It reads from left to right in every language. */
export function Code({ code, grammar }: { readonly code: string; readonly grammar: Grammar }) {
  return <code dir="ltr">{coloured(code, grammars[grammar])}</code>
}

function coloured(code: string, grammar: RegExp): ComponentChildren[] {
  const parts: ComponentChildren[] = []
  let done = 0
  for (const match of code.matchAll(grammar)) {
    const kind = Object.entries(match.groups!).find(([, text]) => text !== undefined)![0]
    if (match.index > done) parts.push(code.slice(done, match.index))
    parts.push(<span class={kind[0]}>{match[0]}</span>)
    done = match.index + match[0].length
  }
  parts.push(code.slice(done))
  return parts
}
