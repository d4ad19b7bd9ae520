/** What has been edited in the sheet and not been saved. It outlives the page, for another page of the sheet or a look at a service. */
export interface Draft {
  readonly cells: ReadonlyMap<string, EditedCell>
  set(cell: EditedCell): void
  drop(service: string, column: string): void
  clear(): void
}

export interface EditedCell {
  readonly service: string
  readonly column: string
  /** As it was when it was edited first: the server refuses the change when somebody else has changed it since. */
  readonly seen: string
  readonly wanted: string
}

const KEPT = 'docket:sheet'
const SENT = 'docket:sheet-sent'

export function openDraft(changed: () => void): Draft {
  forgetWhenSaved()
  const cells = new Map(read().map((cell) => [nameOf(cell.service, cell.column), cell]))
  const keep = () => {
    sessionStorage.setItem(KEPT, JSON.stringify([...cells.values()]))
    changed()
  }
  return {
    cells,
    set(cell) {
      cells.set(nameOf(cell.service, cell.column), cell)
      keep()
    },
    drop(service, column) {
      if (cells.delete(nameOf(service, column))) keep()
    },
    clear() {
      cells.clear()
      keep()
    },
  }
}

export function nameOf(service: string, column: string): string {
  return `${service} ${column}`
}

/** The changes are being looked at before they are saved. */
export function noteSent() {
  sessionStorage.setItem(SENT, '1')
}

/** The page tells the act as done to which the preview has led. */
function forgetWhenSaved() {
  const isDone = new URLSearchParams(location.search).has('told')
  if (isDone && sessionStorage.getItem(SENT) !== null) sessionStorage.removeItem(KEPT)
  sessionStorage.removeItem(SENT)
}

function read(): EditedCell[] {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? '[]') as EditedCell[]
  } catch {
    return []
  }
}
