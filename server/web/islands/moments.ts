/** Writes the moments of the page in the browser's own zone; UTC stays to be seen on hover. A statement on paper keeps UTC. */
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
  // What other islands put in comes from the server, in UTC.
  new MutationObserver(write).observe(document.body, { childList: true, subtree: true })
}
