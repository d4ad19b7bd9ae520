// The script of every page of a signed-in user, beside the page's own: the palette and the keyboard shortcuts.
import { listenForKeys } from './keys.ts'
import { openPalette } from './palette.ts'

openPalette()
listenForKeys()
