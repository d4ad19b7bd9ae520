// The script of the pages of tickets: what the other side writes appears by itself.
import './app.ts'
import { followRegions } from './live-regions.ts'
import { sendByKey } from './send-by-key.ts'

followRegions()
sendByKey()
document.addEventListener('docket:taken', (event) => {
  const news = document.querySelector<HTMLElement>('.ticket-news')
  const isMessages = (event.target as HTMLElement).dataset['liveRegion'] === 'messages'
  if (news && isMessages) news.textContent = news.dataset['news']!
})
