// What every page has: the appearance and the language picker. Both work without this, with a page load more.
import { followAppearance } from './appearance.ts'
import { closePickers } from './picker.ts'

followAppearance()
closePickers()
