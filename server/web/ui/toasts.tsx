import type { Texts } from '../../texts/texts.ts'

/** Where islands tell what has happened meanwhile: see islands/connection.ts. Read out when they change, and told at once where
 * somebody waits for it. */
export function Toasts({ texts }: { readonly texts: Texts }) {
  return (
    <div
      class="toasts"
      data-offline={texts.text('shell.offline')}
      data-unreachable={texts.text('shell.unreachable')}
      data-back={texts.text('shell.back')}
      data-not-sent={texts.text('shell.notSent')}
    >
      <div role="status" />
      <div role="alert" />
    </div>
  )
}
