/** Marks the section that the reader sees in the table of contents. */
export function markWhereReaderIs() {
  const links = new Map<string, HTMLAnchorElement[]>()
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.contents a')) {
    const id = link.hash.slice(1)
    links.set(id, [...(links.get(id) ?? []), link])
  }
  let marked: HTMLAnchorElement[] = []
  const seen = new Set<string>()
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) seen.add(target.id)
        else seen.delete(target.id)
      }
      const first = [...links.keys()].find((id) => seen.has(id))
      for (const link of marked) link.removeAttribute('aria-current')
      marked = (first !== undefined && links.get(first)) || []
      for (const link of marked) link.setAttribute('aria-current', 'location')
    },
    { rootMargin: '-15% 0px -55%' },
  )
  for (const section of document.querySelectorAll('section.part[id]')) observer.observe(section)
}
