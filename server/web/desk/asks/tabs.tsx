import { DESK, type DeskContext } from '../desk.ts'

/** Refills and cancels are two lists of one place. */
export function AskTabs({ context, here }: { context: DeskContext; here: 'refills' | 'cancels' }) {
  const { texts } = context.ui.frame
  return (
    <nav class="status-tabs" aria-label={texts.text('desk.asks.which')}>
      {(['refills', 'cancels'] as const).map((one) => (
        <a key={one} class="group" href={`${DESK}/${one}`} aria-current={one === here ? 'page' : undefined}>
          {texts.text(`desk.asks.${one}`)}
        </a>
      ))}
    </nav>
  )
}
