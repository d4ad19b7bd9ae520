declare module 'autocannon' {
  interface Request {
    method: string
    path: string
    headers: Readonly<Record<string, string>>
    body: string
  }
  interface Options {
    url: string
    connections: number
    duration: number
    timeout: number
    setupClient: (client: { setRequests(requests: Request[]): void }) => void
  }
  interface Result {
    duration: number
    errors: number
    timeouts: number
    non2xx: number
    '3xx': number
    requests: { total: number }
    latency: { p50: number; p99: number }
  }
  export default function autocannon(options: Options): Promise<Result>
}
