import pg from 'pg'

/** The operator's own hand on the database. */
export async function sqlOf(url: string, statement: string): Promise<Record<string, string>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, query_timeout: 20_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query<Record<string, string>>(statement)).rows
  } finally {
    await client.end().catch(() => {})
  }
}
