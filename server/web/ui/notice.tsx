import type { ComponentChildren } from 'preact'

type Mood = 'good' | 'warn' | 'bad' | 'plain'

/** One sentence that must not be missed. A bad one is told at once to those who do not see it. */
export function Notice({ mood, children }: { readonly mood: Mood; readonly children: ComponentChildren }) {
  return (
    <div class={`notice ${mood}`} role={mood === 'bad' ? 'alert' : 'status'}>
      {children}
    </div>
  )
}

/** What stands where something could stand: why there is nothing, and what to do next. */
export function Empty({ title, text, children }: { readonly title: string; readonly text: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h1>{title}</h1>
      <p>{text}</p>
      {children}
    </div>
  )
}
