import type { ComponentChildren } from 'preact'
import { Icon } from './icon.tsx'
import { Prose, proseOf } from './prose.tsx'

type Mood = 'good' | 'warn' | 'bad' | 'plain'

/** One sentence that the reader must not miss. Screen readers announce a bad one at once. */
export function Notice({ mood, children }: { readonly mood: Mood; readonly children: ComponentChildren }) {
  return (
    <div class={`notice ${mood}`} role={mood === 'bad' ? 'alert' : 'status'}>
      <Icon name={mood} />
      <div>{proseOf(children)}</div>
    </div>
  )
}

/** Shown in place of an empty list: why it is empty, and what to do next. */
export function Empty({ title, text, children }: { readonly title: string; readonly text: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Blank />
      <h1>{title}</h1>
      <p>
        <Prose text={text} />
      </p>
      {children}
    </div>
  )
}

/** A drawing of two blank tickets. */
function Blank() {
  return (
    <svg class="blank" viewBox="0 0 160 96" width="160" height="96" aria-hidden="true">
      <path class="behind" d="M38 10h96v18a9 9 0 0 0 0 18v18H38V46a9 9 0 0 0 0-18z" />
      <path class="before" d="M22 28h100v20a10 10 0 0 0 0 20v20H22V68a10 10 0 0 0 0-20z" />
      <path class="tear" d="M92 34v48" />
      <path class="line" d="M42 46h34M42 58h24M42 70h30" />
    </svg>
  )
}
