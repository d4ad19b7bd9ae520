import type { ComponentChildren } from 'preact'
import type { Texts } from '../../texts/texts.ts'
import { Button } from './form.tsx'

interface CopyPanelProps {
  readonly texts: Texts
  readonly title: string
  /** The exact text that is copied. */
  readonly children: ComponentChildren
}

/** A text that the reader copies to another program. The button needs the island islands/copy.ts and is hidden without script. */
export function CopyPanel({ texts, title, children }: CopyPanelProps) {
  return (
    <div class="panel">
      <div class="panel-head">
        <p class="panel-title">{title}</p>
        <Button look="small" class="copy" data-done={texts.text('docs.copied')}>
          {texts.text('docs.copy')}
        </Button>
      </div>
      <pre tabIndex={0} role="group" aria-label={title}>
        {children}
      </pre>
    </div>
  )
}
