interface Bar {
  /** What is told of it: `3 March: $1.20`. */
  readonly text: string
  /** One above the other; only their height on the screen is computed from these. */
  readonly parts: readonly number[]
}

interface BarChartProps {
  /** Unique on the page. */
  readonly id: string
  readonly title: string
  readonly bars: readonly Bar[]
  /** What the highest line stands for. */
  readonly top: { readonly value: number; readonly text: string }
  /** Below the first, the middle and the last bar. */
  readonly below: readonly string[]
  /** What the parts are called, where there are several. */
  readonly legend?: readonly string[]
  readonly direction: 'ltr' | 'rtl'
}

const STEP = 10
const GAP = 2
const HEIGHT = 100

/** Bars in the order of reading, drawn on the server: seen without script, in every direction and theme. Each tells itself to a pointer that
 * rests on it; the island islands/chart.ts lets keys go from bar to bar. Its figures stand in a table beside it. */
export function BarChart({ id, title, bars, top, below, legend, direction }: BarChartProps) {
  const width = bars.length * STEP
  return (
    <figure class="chart">
      <figcaption>
        <h2 id={id}>{title}</h2>
        {legend && (
          <ul class="legend">
            {legend.map((name, part) => (
              <li key={name} class={`part-${part}`}>
                {name}
              </li>
            ))}
          </ul>
        )}
      </figcaption>
      <p class="chart-top small soft">
        <bdi dir="ltr">{top.text}</bdi>
        <span class="chart-told" aria-hidden="true" />
      </p>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-labelledby={id} data-direction={direction}>
        {[0, HEIGHT / 2, HEIGHT].map((y) => (
          <line key={y} class="rule" x1={0} x2={width} y1={y} y2={y} />
        ))}
        {bars.map((bar, at) => (
          <g key={at} class="bar" data-text={bar.text}>
            <title>{bar.text}</title>
            <rect class="reach" x={placeOf(at, bars.length, direction)} y={0} width={STEP} height={HEIGHT} />
            {stacked(bar, top.value).map(({ y, height }, part) => (
              <rect
                key={part}
                class={`part-${part}`}
                x={placeOf(at, bars.length, direction) + GAP / 2}
                y={y}
                width={STEP - GAP}
                height={height}
              />
            ))}
          </g>
        ))}
      </svg>
      <p class="chart-below small soft">
        {below.map((text) => (
          <span key={text}>{text}</span>
        ))}
      </p>
    </figure>
  )
}

function placeOf(at: number, count: number, direction: 'ltr' | 'rtl'): number {
  return (direction === 'rtl' ? count - 1 - at : at) * STEP
}

/** The smallest that is not nothing can still be seen. */
function stacked({ parts }: Bar, top: number): { y: number; height: number }[] {
  let y = HEIGHT
  return parts.map((value) => {
    const height = value === 0 || top === 0 ? 0 : Math.max(1, round((value / top) * HEIGHT))
    y = round(Math.max(0, y - height))
    return { y, height }
  })
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

const STEPS = [1, 2, 3, 4, 5, 6, 8, 10]

/** The next of 1, 2, 3, 4, 5, 6, 8, 10, 20 … at or above: a line that is easy to read. `ofNothing` where there is nothing to be high. */
export function roundTop(highest: number, ofNothing = 1): number {
  if (highest <= 0) return ofNothing
  const power = 10 ** Math.floor(Math.log10(highest))
  return power * (STEPS.find((step) => step * power >= highest) ?? 10)
}
