import { KEY_PLACEHOLDER } from '../ui/samples.ts'

/** A call of a way beside v2, for a shell: a POST with these fields. */
export function besideCall(url: string, parameters: Readonly<Record<string, string>>): string {
  const fields = Object.entries(parameters).map(([name, value]) => `  --data-urlencode '${name}=${value}'`)
  return [`curl '${url}'`, `  -H 'Authorization: Bearer ${KEY_PLACEHOLDER}'`, ...fields].join(' \\\n')
}
