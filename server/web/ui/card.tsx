import type { ComponentChildren } from 'preact'

interface CardProps {
  readonly title: string
  /** The figure or the words that the card shows. */
  readonly figure: ComponentChildren
  readonly href?: string
  readonly children?: ComponentChildren
}

/** One figure of a summary, in a row of them (`.cards`). The whole card links to the target of its title. */
export function Card({ title, figure, href, children }: CardProps) {
  return (
    <div class="card">
      <p class="card-title">{href === undefined ? title : <a href={href}>{title}</a>}</p>
      <p class="card-figure">{figure}</p>
      {children}
    </div>
  )
}

/** A placeholder as high as this many text lines, while content is loading. An island inserts it and removes it. */
export function Skeleton({ lines }: { readonly lines: number }) {
  return (
    <div class="skeleton" aria-hidden="true">
      {Array.from({ length: lines }, (_, at) => (
        <span key={at} />
      ))}
    </div>
  )
}
