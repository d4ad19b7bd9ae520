// What the documents gain by script. Everything can be read, chosen and linked to without it.
import './site.ts'
import { rememberCodeLanguage } from './code-language.ts'
import { markWhereReaderIs } from './contents.ts'
import { offerCopies } from './copy.ts'
import { openSearch } from './search.ts'
import { offerTries } from './try.ts'

/** An address that points at something folded unfolds it. */
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
