import type { ComponentChildren } from 'preact'

/** The state that a badge shows: in progress, good, needs attention, bad, or idle. */
export type Tone = 'busy' | 'good' | 'warn' | 'bad' | 'idle'

/** A status with its dot. The word says it all; the colour only helps. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return <span class={`badge status ${tone}`}>{children}</span>
}
