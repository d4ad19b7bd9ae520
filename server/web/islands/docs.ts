// The script of the documentation. Without it, everything can still be read, chosen and linked to.
import './site.ts'
import { rememberCodeLanguage } from './code-language.ts'
import { markWhereReaderIs } from './contents.ts'
import { offerCopies } from './copy.ts'
import { openSearch } from './search.ts'
import { offerTries } from './try.ts'

/** Opens the closed details that the address points to. */
function unfoldTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  const folded = target?.closest('details:not(.picker)')
  if (folded instanceof HTMLDetailsElement && !folded.open) {
    folded.open = true
    target!.scrollIntoView()
  }
}

addEventListener('hashchange', unfoldTarget)
unfoldTarget()
rememberCodeLanguage()
markWhereReaderIs()
offerCopies()
openSearch()
offerTries()
