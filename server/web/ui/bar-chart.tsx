interface Bar {
  /** The text that describes the bar: `3 March: $1.20`. */
  readonly text: string
  /** The values that are stacked in this bar, in any unit: only their heights on the screen are computed from them. */
  readonly parts: readonly number[]
}

interface BarChartProps {
  /** Unique on the page. */
  readonly id: string
  readonly title: string
  readonly bars: readonly Bar[]
  /** The value of the top grid line. */
  readonly top: { readonly value: number; readonly text: string }
  /** The labels below the first, the middle and the last bar. */
  readonly below: readonly string[]
  /** The names of the parts, if a bar has several. */
  readonly legend?: readonly string[]
  /** Other values of the same stretches, to compare with: a line through the bars. Null: none is known. */
  readonly line?: { readonly name: string; readonly values: readonly (number | null)[] }
  readonly direction: 'ltr' | 'rtl'
}

const STEP = 10
const GAP = 2
const HEIGHT = 100

/** A bar chart drawn on the server, so that it is seen without script, in both directions of reading and in every theme. A bar shows its text to a
 * pointer that rests on it, and the island islands/chart.ts moves from bar to bar with the arrow keys. A table beside the chart gives its figures. */
export function BarChart({ id, title, bars, top, below, legend, line, direction }: BarChartProps) {
  const width = bars.length * STEP
  return (
    <figure class="chart">
      <figcaption>
        <h2 id={id}>{title}</h2>
        {(legend || line) && (
          <ul class="legend">
            {legend?.map((name, part) => (
              <li key={name} class={`part-${part}`}>
                {name}
              </li>
            ))}
            {line && <li class="of-line">{line.name}</li>}
          </ul>
        )}
      </figcaption>
      <p class="chart-top small soft">
        <bdi dir="ltr">{top.text}</bdi>
        <span class="chart-text" aria-hidden="true" />
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
        {line && <polyline class="compared" points={pointsOf(line.values, top.value, direction)} />}
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

function pointsOf(values: readonly (number | null)[], top: number, direction: 'ltr' | 'rtl'): string {
  return values
    .flatMap((value, at) => {
      if (value === null) return []
      const height = top === 0 ? 0 : round((Math.min(value, top) / top) * HEIGHT)
      return [`${placeOf(at, values.length, direction) + STEP / 2},${round(HEIGHT - height)}`]
    })
    .join(' ')
}

/** A value above zero is always drawn high enough to be seen. */
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

/** The next of 1, 2, 3, 4, 5, 6, 8, 10, 20 … at or above the highest value: a grid line that is easy to read. `ofNothing` is used if all values
 * are zero. */
export function roundTop(highest: number, ofNothing = 1): number {
  if (highest <= 0) return ofNothing
  const power = 10 ** Math.floor(Math.log10(highest))
  return power * (STEPS.find((step) => step * power >= highest) ?? 10)
}
