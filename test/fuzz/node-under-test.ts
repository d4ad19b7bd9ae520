/** What a node tells of itself in /metrics. */
export interface Told {
  /** The longest delay of its event loop since it was asked before, in milliseconds. */
  readonly delayMs: number
  /** Processor time of the process so far, in milliseconds. */
  readonly processorMs: number
  readonly residentBytes: number
}

export async function told(url: string): Promise<Told> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const figure = (name: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.slice(name.length + 1),
    )
  return {
    delayMs: figure('docket_event_loop_delay_seconds{quantile="1"}') * 1000,
    processorMs: figure('process_cpu_seconds_total') * 1000,
    residentBytes: figure('process_resident_memory_bytes'),
  }
}
