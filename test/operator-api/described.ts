import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'vitest'
import { OPERATOR_API } from '../../server/operator-api/route.ts'
import type { Docket } from '../support/docket.ts'

const JSON_BODY = ['content', 'application/json', 'schema']

export interface Described {
  readonly document: any
  /** What is wrong with the body that an operation takes. */
  takes(path: string, body: object): unknown
  /** Calls an operation, and holds what comes back to the document: a status that it names, and its schema. */
  call(
    method: 'get' | 'post',
    path: string,
    asked?: { query?: string; body?: object; bearer?: string },
  ): Promise<{ status: number; answer: any }>
}

/** The operator's API of a node, each answer of which is held to the OpenAPI document of that node. */
export async function describedBy(docket: Docket, token: string): Promise<Described> {
  const ajv = new Ajv2020({
    strict: false,
    formats: { email: true, date: /^\d{4}-\d{2}-\d{2}$/, 'date-time': /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/ },
  })
  const document = await (await fetch(`${docket.node.url}${OPERATOR_API}/openapi.json`)).json()
  ajv.addSchema(document as object, 'openapi')

  /** What is wrong with a value, by the schema at a place of the document. */
  const faults = (place: readonly string[], value: unknown) => {
    const pointer = place.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
    const validate = ajv.getSchema(`openapi#/${pointer}`)
    if (!validate) return `${place.join(' ')}: not in the document`
    return validate(value) ? [] : validate.errors
  }

  return {
    document,
    takes: (path, body) => faults(['paths', OPERATOR_API + path, 'post', 'requestBody', ...JSON_BODY], body),
    async call(method, path, { query = '', body, bearer = token } = {}) {
      const response = await fetch(`${docket.node.url}${OPERATOR_API}${path}${query}`, {
        method,
        headers: { authorization: `Bearer ${bearer}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      })
      const answer: any = await response.json()
      const place = ['paths', OPERATOR_API + path, method, 'responses', String(response.status), ...JSON_BODY]
      expect({ path, status: response.status, answer, faults: faults(place, answer) }).toMatchObject({ faults: [] })
      return { status: response.status, answer }
    },
  }
}
