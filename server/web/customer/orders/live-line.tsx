import type { Texts } from '../../../texts/texts.ts'

/** Where the island reports changes, and that it has no connection. Empty without script. */
export function LiveLine({ texts }: { readonly texts: Texts }) {
  return (
    <p
      class="live-line soft small"
      role="status"
      data-idle={texts.text('orders.live.on')}
      data-offline={texts.text('orders.live.offline')}
      data-signed-out={texts.text('orders.live.signedOut')}
    />
  )
}
