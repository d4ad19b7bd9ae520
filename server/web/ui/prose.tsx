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
