import { KEY_PLACEHOLDER } from '../ui/samples.ts'

/** A call that starts a deposit, for a shell. */
export function depositCall(url: string, parameters: Readonly<Record<string, string>>): string {
  const fields = Object.entries(parameters).map(([name, value]) => `  --data-urlencode '${name}=${value}'`)
  return [`curl '${url}'`, `  -H 'Authorization: Bearer ${KEY_PLACEHOLDER}'`, ...fields].join(' \\\n')
}
