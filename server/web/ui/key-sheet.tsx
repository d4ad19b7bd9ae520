import type { MessageKey } from '../../../contract/message.ts'
import type { Texts } from '../../texts/texts.ts'
import { Button } from './form.tsx'
import type { Group } from './places.ts'

interface KeySheetProps {
  readonly texts: Texts
  /** The places that a letter leads to. */
  readonly groups: readonly Group[]
  /** Keys of these pages alone. */
  readonly further?: readonly { readonly keys: readonly string[]; readonly name: MessageKey }[]
}

/** The list of keyboard shortcuts, and the switch for those that need no Ctrl: a person who dictates would set them off by speaking. */
export function KeySheet({ texts, groups, further = [] }: KeySheetProps) {
  const places = groups.flatMap((group) => group.places)
  return (
    <dialog id="keys" class="key-sheet" aria-labelledby="keys-title">
      <form method="dialog">
        <header>
          <h2 id="keys-title">{texts.text('shell.keys')}</h2>
          <Button type="submit" look="small">
            {texts.text('docs.try.close')}
          </Button>
        </header>
        <dl>
          {further.map(({ keys, name }) => (
            <Keys key={name} texts={texts} keys={keys} name={name} />
          ))}
          <Keys texts={texts} keys={['/']} name="shell.keys.search" />
          <Keys texts={texts} keys={['?']} name="shell.keys.sheet" />
          {places.map(({ letter, name }) => (
            <Keys key={letter} texts={texts} keys={['G', letter.toUpperCase()]} name={name} />
          ))}
        </dl>
        <label class="switch">
          <input type="checkbox" name="single" checked />
          <span>
            {texts.text('shell.keys.single')}
            <small>{texts.text('shell.keys.hint')}</small>
          </span>
        </label>
      </form>
    </dialog>
  )
}

function Keys({ texts, keys, name }: { texts: Texts; keys: readonly string[]; name: MessageKey }) {
  return (
    <div>
      <dt>{texts.text(name)}</dt>
      <dd dir="ltr">
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dd>
    </div>
  )
}
