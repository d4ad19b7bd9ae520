import type { Texts } from '../../texts/texts.ts'
import { Icon } from './icon.tsx'

/** The command palette: one field that leads to every page and action. The island fills it from the page and from /services/find. */
export function Palette({ texts }: { readonly texts: Texts }) {
  const found = JSON.stringify(texts.pluralForms('docs.search.found'))
  return (
    <dialog
      id="palette"
      class="palette"
      aria-label={texts.text('palette.title')}
      data-found={found}
      data-none={texts.text('docs.search.none', { query: '#' })}
      data-offline={texts.text('palette.offline')}
      data-unreachable={texts.text('shell.unreachable')}
      data-signed-out={texts.text('account.done.signedOut')}
      data-searching={texts.text('palette.searching')}
      data-recent={texts.text('palette.recent')}
      data-places={texts.text('palette.places')}
      data-services={texts.text('app.services')}
      data-orders={texts.text('app.orders')}
      data-actions={texts.text('palette.actions')}
      data-order={texts.text('app.orderNumber', { id: '#' })}
      data-with-link={texts.text('palette.withLink')}
    >
      <form method="dialog" class="palette-head" role="search">
        <Icon name="search" />
        <input
          type="search"
          role="combobox"
          list={undefined}
          aria-label={texts.text('palette.title')}
          aria-autocomplete="list"
          aria-expanded="true"
          aria-controls="palette-list"
          autocomplete="off"
          spellcheck={false}
          dir="auto"
          placeholder={texts.text('palette.hint')}
        />
        <button type="submit" value="close" class="button small" aria-label={texts.text('docs.try.close')}>
          <kbd>Esc</kbd>
        </button>
      </form>
      <div id="palette-list" role="listbox" aria-label={texts.text('palette.title')} />
      <p class="palette-foot" role="status" />
    </dialog>
  )
}
