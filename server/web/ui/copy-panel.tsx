import type { ComponentChildren } from 'preact'
import type { Texts } from '../../texts/texts.ts'
import { Button } from './form.tsx'

interface CopyPanelProps {
  readonly texts: Texts
  readonly title: string
  /** Code, exactly as it is copied. */
  readonly children: ComponentChildren
}

/** Something to be taken elsewhere, letter by letter. The button needs the island islands/copy.ts; it is not seen without script. */
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
