/** Recomputes the hash chain from the lines of the page (docs/statement.md), and checks that the visible figures are the hashed ones. */
export function offerVerification() {
  const button = document.querySelector<HTMLButtonElement>('button.verify')
  const result = document.querySelector<HTMLElement>('.verified')
  const table = document.querySelector<HTMLTableElement>('table.statement')
  if (!button || !result || !table) return
  button.addEventListener('click', () => {
    void verify(table, result, button)
  })
}

async function verify(table: HTMLTableElement, result: HTMLElement, button: HTMLButtonElement) {
  result.className = 'verified'
  result.textContent = ''
  for (const row of table.querySelectorAll('.broken')) row.classList.remove('broken')
  // Browsers offer no hashes without TLS.
  if (!globalThis.crypto?.subtle) return showResult(result, 'bad', result.dataset['unable']!)
  button.disabled = true
  const broken = await firstBroken(table)
  button.disabled = false
  if (!broken) return showResult(result, 'good', result.dataset['good']!)
  broken.classList.add('broken')
  showResult(result, 'bad', result.dataset['bad']!.replace('{line}', broken.id.replace('line-', '')))
}

function showResult(result: HTMLElement, mood: 'good' | 'bad', text: string) {
  result.classList.add(mood)
  result.textContent = text
}

/** The oldest row that differs from what was hashed, or does not continue the row before. */
async function firstBroken(table: HTMLTableElement): Promise<HTMLElement | undefined> {
  const { previous, sealLine, sealHash } = table.dataset
  const rows = table.querySelectorAll<HTMLElement>('tr[data-line]')
  let hash = previous!
  let balance: bigint | undefined
  for (let at = rows.length - 1; at >= 0; at -= 1) {
    const row = rows[at]!
    const line = lineOf(row.dataset['line']!)
    hash = await sha256(hash + row.dataset['line']!)
    if (!line || hash !== row.dataset['hash'] || !isShown(row, line)) return row
    if (line.number === sealLine && hash !== sealHash) return row
    if (balance !== undefined && balance + line.change !== line.balance) return row
    balance = line.balance
  }
  return undefined
}

interface HashedLine {
  readonly number: string
  readonly order: string
  /** In units of 10⁻⁵. */
  readonly change: bigint
  readonly balance: bigint
}

function lineOf(text: string): HashedLine | undefined {
  try {
    const texts = JSON.parse(text) as string[]
    // Lines of the second version have what is owed after the balance.
    const isSecond = texts[0] === 'v2'
    const [number, , from, to, amount, balance] = (isSecond ? texts.slice(1) : texts) as [string, string, string, string, string, string]
    const change = to === 'wallet' ? BigInt(amount) : from === 'wallet' ? -BigInt(amount) : 0n
    return { number, order: texts[isSecond ? 8 : 6]!, change, balance: BigInt(balance) }
  } catch {
    return undefined
  }
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Whether the row shows exactly the hashed number, order and amounts. */
function isShown(row: HTMLElement, { number, order, change, balance }: HashedLine): boolean {
  const seen = (part: string) => row.querySelector(part)?.textContent ?? ''
  return (
    seen('.line-number') === number &&
    seen('.line-order').replace(/\D+/g, '') === order &&
    isFigure(seen('.change'), change) &&
    isFigure(seen('.after'), balance)
  )
}

/** Compares an amount in any language's format: the last separator before a digit is the decimal one, the others group thousands. */
export function isFigure(text: string, units: bigint): boolean {
  const [figure = ''] = /\d(?:[\d.,'’\s]*\d)?/.exec(text) ?? []
  const [, whole = '', fraction = ''] = /^(.*)[.,](\d+)$/.exec(figure) ?? []
  const seen = BigInt(whole.replaceAll(/\D/g, '') + fraction.padEnd(5, '0'))
  return fraction.length <= 5 && (/[-−]/.test(text) ? -seen : seen) === units
}
