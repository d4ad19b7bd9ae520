// The script of mass orders: a file's text is loaded into the field, where the user can check it, and the progress of placing is shown.
import './app.ts'

interface StepAnswer {
  readonly done: boolean
  readonly value: number
  readonly text: string
  /** The card of counts and money, drawn by our own server. */
  readonly sums: string
}

const paste = document.querySelector<HTMLFormElement>('form.paste')
if (paste) takeFiles(paste)
for (const form of document.querySelectorAll<HTMLFormElement>('form.placing')) watchOver(form)
const progress = document.querySelector<HTMLElement>('[data-go-on]')
if (progress) void goOn(progress)

/** A file that cannot be read as text stays in its field, and the server reports what is wrong with it. */
function takeFiles(form: HTMLFormElement) {
  const file = form.querySelector<HTMLInputElement>('#file')!
  const lines = form.querySelector<HTMLTextAreaElement>('#lines')!
  const notice = form.querySelector<HTMLElement>('.message-area')!
  file.addEventListener('change', () => {
    const [chosen] = file.files ?? []
    if (chosen) void read(chosen)
  })
  form.addEventListener('submit', (event) => {
    if (new Blob([lines.value]).size + (file.files?.[0]?.size ?? 0) <= Number(form.dataset['most'])) return
    event.preventDefault()
    refuse()
  })

  async function read(chosen: File) {
    if (chosen.size > Number(form.dataset['most'])) return refuse()
    const text = await chosen.text()
    if (/[\0\uFFFD]/.test(text)) return
    lines.value = text
    file.value = ''
    notice.classList.remove('fault')
    notice.textContent = notice.dataset['read']!.replace('#', chosen.name)
    lines.focus()
    lines.setSelectionRange(0, 0)
  }

  function refuse() {
    notice.classList.add('fault')
    notice.textContent = form.dataset['tooLong']!
  }
}

/** The next page places the rows step by step, so the server need not place any before it answers. */
function watchOver(form: HTMLFormElement) {
  const watched = document.createElement('input')
  watched.type = 'hidden'
  watched.name = 'watched'
  watched.value = 'yes'
  form.append(watched)
}

async function goOn(section: HTMLElement) {
  const form = section.querySelector('form')!
  const fault = section.querySelector<HTMLElement>('.fault')!
  const bar = section.querySelector('progress')!
  const status = section.querySelector<HTMLElement>('[role=status]')!
  form.hidden = true
  try {
    for (let done = false; !done;) {
      const answer = await step(section)
      bar.value = answer.value
      status.textContent = answer.text
      document.querySelector('[data-part=sums]')!.innerHTML = answer.sums
      done = answer.done
    }
    location.replace(section.dataset['goOn']!.replace(/\/go-on$/, ''))
  } catch {
    fault.textContent = fault.dataset['lost']!
    form.hidden = false
    form.querySelector('button')!.focus()
  }
}

async function step(section: HTMLElement): Promise<StepAnswer> {
  const headers = { accept: 'application/json', 'x-csrf-token': section.dataset['csrf']! }
  const response = await fetch(section.dataset['goOn']!, { method: 'POST', headers })
  if (!response.ok || response.redirected) throw new Error(String(response.status))
  return (await response.json()) as StepAnswer
}
