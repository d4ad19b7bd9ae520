import type { Frame } from './document.tsx'

/** The values that a page with forms is drawn with. */
export interface PageUi {
  readonly frame: Frame
  /** The CSRF token of the page's forms. */
  readonly csrf: string
}

/** The faults of a form, by the name of their field; `form` is the form as a whole. */
export type Faults = Readonly<Record<string, string>>
export const NO_FAULTS: Faults = {}

/** The statuses of a page that shows its form again. */
export const UNPROCESSABLE = 422
export const TOO_MANY = 429
