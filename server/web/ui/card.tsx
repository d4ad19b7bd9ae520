import type { ComponentChildren } from 'preact'

interface CardProps {
  readonly title: string
  /** The figure or the words that the card is for. */
  readonly figure: ComponentChildren
  readonly href?: string
  readonly children?: ComponentChildren
}

/** One figure of a summary, in a row of them (`.cards`). The whole card leads where its title leads. */
export function Card({ title, figure, href, children }: CardProps) {
  return (
    <div class="card">
      <p class="card-title">{href === undefined ? title : <a href={href}>{title}</a>}</p>
      <p class="card-figure">{figure}</p>
      {children}
    </div>
  )
}

/** Stands where something is on its way: as tall as this many lines. An island sets it, and takes it away. */
export function Skeleton({ lines }: { readonly lines: number }) {
  return (
    <div class="skeleton" aria-hidden="true">
      {Array.from({ length: lines }, (_, at) => (
        <span key={at} />
      ))}
    </div>
  )
}
