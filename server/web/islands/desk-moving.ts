// Sends the files of a moving piece by piece, so that neither a proxy nor a time limit ends a long one, and goes on where a connection was lost.
import { noteConnection } from './connection.ts'

const PIECE_BYTES = 1_000_000
const MOST_TRIES = 8
const PIECE_LIMIT_MS = 60_000

interface Begun {
  readonly name: string
  readonly at: number
}

interface Taken {
  readonly at: number
  /** The server that keeps the file has to fetch what another one has taken for it. */
  readonly full: boolean
}

/** The server says no, and why. */
class Refused extends Error {}

for (const form of document.querySelectorAll<HTMLFormElement>('form.moving-files')) sendInPieces(form)

function sendInPieces(form: HTMLFormElement) {
  const fault = form.querySelector<HTMLElement>('.fault[role=alert]')!
  const sending = form.querySelector<HTMLElement>('.sending')!
  const bar = sending.querySelector('progress')!
  const status = sending.querySelector<HTMLElement>('[role=status]')!
  const button = form.querySelector<HTMLButtonElement>('button[type=submit]')!
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (!button.disabled) void send()
  })

  async function send() {
    const chosen = [...form.querySelectorAll<HTMLInputElement>('input[type=file]')].flatMap((input) =>
      [...(input.files ?? [])].map((file) => ({ file, as: input.name === 'file' ? file.name : nameAs(input.name, file.name) })),
    )
    fault.textContent = ''
    if (chosen.length === 0) {
      fault.textContent = form.dataset['choose']!
      return
    }
    button.disabled = true
    sending.hidden = false
    try {
      for (const { file, as } of chosen) await sendFile(file, as)
      await look()
    } catch (error) {
      fault.textContent = error instanceof Refused ? error.message : form.dataset['lost']!
      button.disabled = false
    }
  }

  async function sendFile(file: File, as: string) {
    const stamp = `${file.name} ${file.size} ${file.lastModified}`
    const begun = await patiently(() => post<Begun>('file', new URLSearchParams({ name: as, bytes: String(file.size), stamp })))
    for (let { at } = begun; at < file.size;) {
      tell(file.name, at, file.size)
      const piece = file.slice(at, at + PIECE_BYTES)
      const address = `piece?${new URLSearchParams({ name: begun.name, at: String(at) }).toString()}`
      const taken = await patiently(() => post<Taken>(address, piece, 'application/octet-stream'))
      if (taken.full) await pause(500)
      at = taken.at
    }
    tell(file.name, file.size, file.size)
  }

  function tell(name: string, done: number, of: number) {
    const percent = of === 0 ? 100 : Math.floor((done / of) * 100)
    bar.value = percent
    status.textContent = form.dataset['sending']!.replace('{name}', name).replace('{percent}', String(percent))
  }

  /** The files may still be on their way between servers. */
  async function look() {
    status.textContent = form.dataset['waits']!
    const next = document.createElement('form')
    next.method = 'post'
    next.action = `${form.dataset['moving']!}/look`
    next.append(form.querySelector<HTMLInputElement>('input[name=csrf]')!.cloneNode())
    document.body.append(next)
    next.submit()
  }

  async function post<T>(place: string, body: URLSearchParams | Blob, type?: string): Promise<T> {
    const token = form.querySelector<HTMLInputElement>('input[name=csrf]')!.value
    const headers = { accept: 'application/json', 'x-csrf-token': token, ...(type && { 'content-type': type }) }
    const signal = AbortSignal.timeout(PIECE_LIMIT_MS)
    const response = await fetch(`${form.dataset['moving']!}/${place}`, { method: 'POST', headers, body, signal })
    const answer = (await response.json()) as T & { why?: string }
    if (response.ok) return answer
    if (answer.why !== undefined) throw new Refused(answer.why)
    throw new Error(String(response.status))
  }
}

/** Each file of CSV has its own field, whatever it is called. */
function nameAs(field: string, chosen: string): string {
  return chosen.toLowerCase().endsWith('.gz') ? `${field}.gz` : field
}

/** A piece that was sent twice is taken once, so it is sent again whatever went wrong, but for a no. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      const answer = await work()
      noteConnection(true)
      return answer
    } catch (error) {
      noteConnection(error instanceof Refused)
      if (error instanceof Refused || tried === MOST_TRIES) throw error
      await pause(500 * 2 ** (tried - 1))
    }
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}
