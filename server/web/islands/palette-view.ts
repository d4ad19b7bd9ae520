import type { Choice } from './palette-choices.ts'
import { fillList, foundText, type Group, markChosen } from './palette-list.ts'

/** What is to be seen. */
interface Sight {
  readonly query: string
  readonly groups: readonly Group[]
  /** Services are on their way. */
  readonly waiting: boolean
  /** Stands in the foot instead of how many there are. */
  readonly told?: string | undefined
}

/** What the palette shows, and which choice the keyboard or the mouse is at. */
export interface PaletteView {
  readonly texts: Readonly<Record<string, string>>
  draw(sight: Sight): void
  /** To the next or the one before, round and round. */
  move(step: number): void
  pointAt(target: EventTarget | null): void
  backToFirst(): void
  chosen(): Choice | undefined
}

export function openView(dialog: HTMLDialogElement, input: HTMLInputElement): PaletteView {
  const list = dialog.querySelector<HTMLElement>('[role=listbox]')!
  const foot = dialog.querySelector<HTMLElement>('[role=status]')!
  const texts = dialog.dataset as Readonly<Record<string, string>>
  let shown: readonly Choice[] = []
  let at = 0
  const mark = (wanted: number) => {
    at = wanted
    markChosen(input, list, at)
  }
  return {
    texts,
    draw({ query, groups, waiting, told }) {
      shown = groups.flatMap(({ choices }) => choices)
      fillList(list, groups, waiting)
      mark(Math.min(at, Math.max(0, shown.length - 1)))
      foot.textContent = told ?? (waiting ? texts['searching']! : foundText(texts, query, shown.length))
    },
    move(step) {
      if (shown.length > 0) mark((at + step + shown.length) % shown.length)
    },
    pointAt(target) {
      const option = target instanceof Element ? target.closest('[role=option]') : null
      const wanted = option ? [...list.querySelectorAll('[role=option]')].indexOf(option) : at
      if (wanted !== at) mark(wanted)
    },
    backToFirst: () => (at = 0),
    chosen: () => shown[at],
  }
}
