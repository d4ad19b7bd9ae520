import { clampChroma, formatHex, modeLrgb, modeOklab, modeOklch, modeRgb, useMode, wcagContrast } from 'culori/fn'
import type { Settings } from '../settings/settings.ts'

/** The operator's brand, as pages show it. */
export type House = Pick<Settings, 'name' | 'colour' | 'logo'>

/** The darkest light surface and the lightest dark surface that a link can have behind it. tokens.css calls them --sunken and --raised. */
const GROUND = { light: '#f2f0ea', dark: '#23272b' }
const LEAST_CONTRAST = 4.6

/** The brand colour as CSS tokens. A colour that cannot be read on our surfaces is made lighter or darker until it can. */
export function houseTokens({ colour }: Pick<House, 'colour'>): string {
  const light = readable(colour, GROUND.light, -1)
  const dark = readable(colour, GROUND.dark, 1)
  return `:root{--accent:light-dark(${light},${dark});--on-accent:light-dark(${inkOn(light)},${inkOn(dark)})}`
}

// OKLCH, whose lightness matches what the eye sees, and the modes that lead to it.
for (const mode of [modeRgb, modeLrgb, modeOklab]) useMode(mode)
const oklchOf = useMode(modeOklch)

/** The same hue, moved towards black (-1) or white (1) only as far as the background needs. */
function readable(colour: string, ground: string, towards: -1 | 1): string {
  const oklch = oklchOf(colour)!
  let shown = colour
  for (let { l } = oklch; wcagContrast(shown, ground) < LEAST_CONTRAST;) {
    l += towards * 0.01
    // A colour that a screen cannot show loses chroma, never lightness.
    shown = formatHex(clampChroma({ ...oklch, l }, 'oklch'))
  }
  return shown
}

/** The text colour, white or near black, for a surface of this colour. */
function inkOn(colour: string): string {
  return wcagContrast(colour, '#ffffff') >= wcagContrast(colour, '#111315') ? '#ffffff' : '#111315'
}
