/** Sentences that the house keeps in English, by the names of what they say. A star stands for any text. */
export type Sentences<Name extends string = string> = Readonly<Record<Name, readonly string[]>>

/** What a sentence says, and the texts that stand at its stars, as v1, v2 …; undefined: it is none of these. The first that fits counts. */
export function sentenceReader<Name extends string>(sentences: Sentences<Name>) {
  const forms = Object.entries<readonly string[]>(sentences).flatMap(([name, each]) =>
    each.map((sentence) => ({ name: name as Name, parts: sentence.split('*') })),
  )
  return (sentence: string): { readonly name: Name; readonly values: Readonly<Record<string, string>> } | undefined => {
    for (const { name, parts } of forms) {
      const values = valuesIn(sentence, parts)
      if (values) return { name, values: Object.fromEntries(values.map((value, at) => [`v${at + 1}`, value])) }
    }
    return undefined
  }
}

/** What stands in the sentence between these parts; undefined: it does not have them. */
function valuesIn(sentence: string, parts: readonly string[]): string[] | undefined {
  const [first = '', ...others] = parts
  if (!sentence.startsWith(first)) return undefined
  const values: string[] = []
  let from = first.length
  for (const [at, part] of others.entries()) {
    const isLast = at === others.length - 1
    const to = isLast ? (sentence.endsWith(part) ? sentence.length - part.length : -1) : sentence.indexOf(part, from)
    if (to < from) return undefined
    values.push(sentence.slice(from, to))
    from = to + part.length
  }
  return from === sentence.length ? values : undefined
}
