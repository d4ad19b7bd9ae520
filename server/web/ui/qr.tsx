import { encode } from 'uqr'

/** The white border that readers expect, in modules. */
const QUIET = 4

/** A QR code drawn as one path. It is dark on light in every theme, because readers do not recognize light on dark. */
export function QrCode({ text, title }: { readonly text: string; readonly title: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: 0 })
  const whole = size + 2 * QUIET
  const rows = data.flatMap((row, y) => runsOf(row).map(([from, length]) => `M${from + QUIET} ${y + QUIET}h${length}v1h-${length}z`))
  return (
    <svg class="qr" viewBox={`0 0 ${whole} ${whole}`} width="200" height="200" role="img" aria-label={title} shape-rendering="crispEdges">
      <path fill="#fff" d={`M0 0h${whole}v${whole}H0z`} />
      <path fill="#000" d={rows.join('')} />
    </svg>
  )
}

/** Runs of adjacent dark modules: the first module and the length of each. */
function runsOf(row: readonly boolean[]): [number, number][] {
  const runs: [number, number][] = []
  row.forEach((dark, x) => {
    const last = runs.at(-1)
    if (!dark) return
    if (last && last[0] + last[1] === x) last[1] += 1
    else runs.push([x, 1])
  })
  return runs
}
