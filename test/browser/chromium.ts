import { existsSync } from 'node:fs'
import path from 'node:path'

const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
]

/** The browser of this machine, or the one that DOCKET_TEST_BROWSER names. */
export function findChromium(): string | undefined {
  const named = process.env['DOCKET_TEST_BROWSER']
  if (named) return named
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  const candidates = [...folders.flatMap((folder) => names.map((name) => path.join(folder, name))), ...elsewhere]
  return candidates.find((file) => existsSync(file))
}

export const HOW_TO_GET_IT =
  'no browser here: apt-get install -y chromium-headless-shell fonts-noto-core fonts-noto-cjk, or name one in DOCKET_TEST_BROWSER'

/** It calls nobody, keeps nothing, and runs where there is neither a screen nor an unprivileged user. */
export const CHROMIUM_WORDS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
