import type { Child, ChildState } from '../../children/children.ts'
import type { Texts } from '../../texts/texts.ts'
import { Badge, type Tone } from './badge.tsx'

const TONES: Readonly<Record<ChildState, Tone>> = {
  making: 'busy',
  open: 'good',
  suspended: 'bad',
  closed: 'idle',
  dropping: 'busy',
  dropped: 'idle',
}

/** How a child panel stands, with the reason of a suspension. */
export function PanelState({ texts, child: { state, why } }: { readonly texts: Texts; readonly child: Pick<Child, 'state' | 'why'> }) {
  return <Badge tone={TONES[state]}>{texts.text(why === 'rent' ? 'panels.state.unpaid' : `panels.state.${state}`)}</Badge>
}
