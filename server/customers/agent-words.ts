export interface AgentWords {
  /** Like `Firefox 140`; null when the header does not say. */
  readonly browser: string | null
  /** Like `Windows`; null when the header does not say. */
  readonly system: string | null
}

// The first pattern that fits wins, because nearly every browser also calls itself Chrome or Safari.
const BROWSERS: readonly (readonly [string, RegExp])[] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\/(\d+)/],
  ['Opera', /\b(?:OPR|Opera|OPT|OPiOS)\/(\d+)/],
  ['Samsung Internet', /\bSamsungBrowser\/(\d+)/],
  ['Yandex', /\bYaBrowser\/(\d+)/],
  ['Vivaldi', /\bVivaldi\/(\d+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /\b(?:Chrome|CriOS|HeadlessChrome)\/(\d+)/],
  ['Safari', /\bVersion\/(\d+)(?:\.[\d.]*)? (?:Mobile\/\S+ )?Safari\//],
  ['curl', /^curl\/(\d+)/],
]

const SYSTEMS: readonly (readonly [string, RegExp])[] = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['macOS', /\bMac OS X\b|\bMacintosh\b/],
  ['Linux', /\bLinux\b|\bX11\b/],
]

/** A browser's name for people, read from its User-Agent header. */
export function describeAgent(agent: string): AgentWords {
  const browser = BROWSERS.find(([, pattern]) => pattern.test(agent))
  const system = SYSTEMS.find(([, pattern]) => pattern.test(agent))
  return { browser: browser ? `${browser[0]} ${browser[1].exec(agent)![1]}` : null, system: system?.[0] ?? null }
}
