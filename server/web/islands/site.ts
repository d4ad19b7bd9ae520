// What every page has: the appearance, the pickers, and word of a connection that is gone. All works without this, with a page load more.
import { followAppearance } from './appearance.ts'
import { watchConnection } from './connection.ts'
import { offerCopiesOfTexts } from './copy-text.ts'
import { localMoments } from './moments.ts'
import { forgetChoicesOfOthers } from './palette-recent.ts'
import { closePickers } from './picker.ts'

followAppearance()
closePickers()
watchConnection()
forgetChoicesOfOthers()
localMoments()
offerCopiesOfTexts()
