/** The result of one timed round of one contestant. */
export interface Sample {
  readonly perSecond: number
  /** Milliseconds; undefined where latency is not measured. */
  readonly p50?: number
  readonly p99?: number
  /** The number of answers. */
  readonly count: number
}

/** Form posts, sent over and over. */
export interface Load {
  readonly name: string
  readonly bodies: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
}

export type Fire = (url: string, load: Load, connections: number, seconds: number) => Promise<Sample>
