// The script of every page: the theme, the pickers, and the notice of a lost connection. Without it, all works with one more page load.
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
