/** Control or Command and Enter send the message that somebody writes. */
export function sendByKey() {
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    const area = event.target
    if (!(area instanceof HTMLTextAreaElement) || !area.matches('.words-area') || !area.form) return
    event.preventDefault()
    area.form.requestSubmit(
      area.form.querySelector<HTMLButtonElement>('button.send') ?? area.form.querySelector<HTMLButtonElement>('button[type=submit]'),
    )
  })
}
