/** What one turn of one contestant came to. */
export interface Sample {
  readonly perSecond: number
  /** Milliseconds; undefined where there is no latency to speak of. */
  readonly p50?: number
  readonly p99?: number
  /** Answers counted. */
  readonly count: number
}

/** Form posts, sent round and round. */
export interface Load {
  readonly name: string
  readonly bodies: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
}

export type Fire = (url: string, load: Load, connections: number, seconds: number) => Promise<Sample>
