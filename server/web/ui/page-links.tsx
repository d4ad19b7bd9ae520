/** An address with these parameters, except for empty ones. */
export function address(path: string, parameters: Readonly<Record<string, string | bigint | number | null | undefined>>): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === null || value === undefined || value === '' ? [] : [[name, String(value)]],
  )
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`
}

/** Links to the next and previous pages of a long list. */
export function PageLinks({ links }: { readonly links: readonly { readonly href: string | null; readonly text: string }[] }) {
  const there = links.filter((link) => link.href !== null)
  if (there.length === 0) return null
  return (
    <p class="page-links">
      {there.map(({ href, text }) => (
        <a key={text} class="button plain" href={href!}>
          {text}
        </a>
      ))}
    </p>
  )
}
