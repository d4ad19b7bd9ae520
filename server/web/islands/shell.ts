// What every page gains by script for whoever is signed in, beside the page's own: the palette and the keys.
import { listenForKeys } from './keys.ts'
import { openPalette } from './palette.ts'

openPalette()
listenForKeys()
