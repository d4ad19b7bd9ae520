import type { ComponentChildren } from 'preact'
import type { Span } from '../../status/spans.ts'
import type { Texts } from '../../texts/texts.ts'
import { callTimeText, durationText, percentText } from '../ui/figures.tsx'

/** How a bar looks: its height tells as much as its colour. */
type Tone = 'good' | 'warn' | 'bad' | 'silent' | 'before'

interface Bar {
  readonly text: string
  readonly tone: Tone
}

interface UptimeProps {
  readonly label: string
  readonly bars: readonly Bar[]
  /** Below the first bar, in the middle, and below the last. */
  readonly below: readonly ComponentChildren[]
}

/** A row of bars, one per stretch of time, each with its words for whoever rests on it or does not see it. */
export function Uptime({ label, bars, below }: UptimeProps) {
  return (
    <div class="uptime">
      <ol aria-label={label}>
        {bars.map(({ text, tone }) => (
          <li key={text} class={tone} title={text}>
            <span class="visually-hidden">{text}</span>
          </li>
        ))}
      </ol>
      <p class="small soft">
        {below.map((text, at) => (
          <span key={at}>{text}</span>
        ))}
      </p>
    </div>
  )
}

/** From these shares on, a stretch counts as good, and as not bad. */
const GOOD = 0.999
const NOT_BAD = 0.95

export function toneOf(share: number | null): Tone {
  if (share === null) return 'before'
  return share >= GOOD ? 'good' : share >= NOT_BAD ? 'warn' : 'bad'
}

/** The bar of a day or an hour of the API. */
export function barOf(texts: Texts, span: Span, when: string): Bar {
  return {
    text: `${when}: ${wordsOf(texts, span).join(', ')}`,
    tone: span.available === null && span.silentMinutes > 0 ? 'silent' : toneOf(span.available),
  }
}

function wordsOf(texts: Texts, { available, failed, silentMinutes, median, p95 }: Span): string[] {
  if (available === null) return [texts.text('front.status.state.unknown')]
  return [
    texts.text('front.status.available', { percent: floorPercent(texts, available) }),
    ...(silentMinutes > 0 ? [texts.text('front.status.silent', { time: durationText(texts, silentMinutes) })] : []),
    ...(failed !== null && failed > 0 ? [texts.text('front.status.failed', { percent: percentText(texts, failed) })] : []),
    ...(median !== null && p95 !== null
      ? [texts.text('front.status.latency', { median: callTimeText(texts, median), p95: callTimeText(texts, p95) })]
      : []),
  ]
}

/** A share as a percentage that is never told as more than it is: 99.999% is 99.99%. */
export function floorPercent(texts: Texts, share: number): string {
  return percentText(texts, Math.floor(share * 10_000) / 10_000)
}

const hourFormats = new Map<string, Intl.DateTimeFormat>()

/** Like `30 Nov, 14:00 UTC`. */
export function hourText({ language: { code } }: Texts, hour: Date): string {
  const options = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC' } as const
  const format = hourFormats.get(code) ?? new Intl.DateTimeFormat(`${code}-u-nu-latn`, options)
  hourFormats.set(code, format)
  return `${format.format(hour)} UTC`
}
