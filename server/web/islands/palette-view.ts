import type { Choice } from './palette-choices.ts'
import { fillList, foundText, type Group, markChosen } from './palette-list.ts'

/** The content to show. */
interface Content {
  readonly query: string
  readonly groups: readonly Group[]
  /** Services are still loading. */
  readonly waiting: boolean
  /** Shown at the bottom in place of the number of matches. */
  readonly message?: string | undefined
}

/** The palette's display, with the choice that the keyboard or the pointer has reached. */
export interface PaletteView {
  readonly texts: Readonly<Record<string, string>>
  draw(content: Content): void
  /** Moves to the next or the previous choice, and from the last to the first. */
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
    draw({ query, groups, waiting, message }) {
      shown = groups.flatMap(({ choices }) => choices)
      fillList(list, groups, waiting)
      mark(Math.min(at, Math.max(0, shown.length - 1)))
      foot.textContent = message ?? (waiting ? texts['searching']! : foundText(texts, query, shown.length))
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
