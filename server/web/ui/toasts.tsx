import type { Texts } from '../../texts/texts.ts'

/** Where islands report what has happened in the meantime (see islands/connection.ts). Screen readers announce each change, and at once if the
 * reader is waiting for it. */
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
