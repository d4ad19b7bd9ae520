import type { ComponentChildren } from 'preact'

/** A part of a page with its heading. */
export function Part({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <section class="desk-part">
      <h2>{title}</h2>
      {children}
    </section>
  )
}

/** Facts by their names; those without a value are left out. */
export function FactList({ facts }: { readonly facts: readonly (readonly [name: string, value: ComponentChildren])[] }) {
  const there = facts.filter(([, value]) => value !== null && value !== undefined && value !== false)
  return (
    <dl class="own-facts">
      {there.map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  )
}
