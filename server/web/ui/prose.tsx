import type { ComponentChildren } from 'preact'

/** A text whose backticks mark code. Code keeps its direction inside right-to-left text. */
export function Prose({ text }: { readonly text: string }) {
  return (
    <>
      {text.split('`').map((part, at) =>
        at % 2 === 1 ? (
          <code key={at} dir="ltr">
            {part}
          </code>
        ) : (
          part
        ),
      )}
    </>
  )
}

/** The same for what may be drawn already. */
export function proseOf(content: ComponentChildren): ComponentChildren {
  return typeof content === 'string' ? <Prose text={content} /> : content
}
