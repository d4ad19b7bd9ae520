import type { ComponentChildren } from 'preact'

/** How something stands: under way, well, with something to know, badly, or at rest. */
export type Standing = 'busy' | 'good' | 'warn' | 'bad' | 'idle'

/** A status with its dot. The colour helps; the word says it. */
export function Badge({ standing, children }: { readonly standing: Standing; readonly children: ComponentChildren }) {
  return <span class={`badge status ${standing}`}>{children}</span>
}
