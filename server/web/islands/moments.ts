/** Writes the moments of the page in the browser's time zone, with UTC as the title. A printed statement keeps UTC. */
export function localMoments() {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' })
  const write = () => {
    for (const moment of document.querySelectorAll<HTMLTimeElement>('time.moment:not([title])')) {
      if (moment.closest('.printed')) continue
      moment.title = moment.textContent
      moment.textContent = format.format(new Date(moment.dateTime))
    }
  }
  write()
  // HTML that other islands insert comes from the server, in UTC.
  new MutationObserver(write).observe(document.body, { childList: true, subtree: true })
}
